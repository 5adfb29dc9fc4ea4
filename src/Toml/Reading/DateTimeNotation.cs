namespace OpsAgent.Toml.Reading;

/// <summary>Reads dates and times as RFC 3339 has them.</summary>
internal static class DateTimeNotation
{
    private const long TicksPerDay = TimeSpan.TicksPerDay;
    private static readonly TimeSpan LargestOffset = TimeSpan.FromHours(14);

    public static TomlNode Read(ScalarText text)
    {
        if (text.Text.Length > 2 && text.Text[2] == ':')
        {
            var time = new TimeOnly(ReadTime(ref text));
            return text.AtEnd ? new TomlLocalTime(time, text.Start) : throw text.Expected("the time to end");
        }

        var date = ReadDate(ref text);
        if (text.AtEnd)
        {
            return new TomlLocalDate(date, text.Start);
        }

        if (!text.TryTake('T', 't') && !text.TryTake(' '))
        {
            throw text.Expected("the date to end, or 'T' and a time");
        }

        var local = new DateTime(((long)date.DayNumber * TicksPerDay) + ReadTime(ref text));
        return text.AtEnd ? new TomlLocalDateTime(local, text.Start) : ReadOffset(ref text, local);
    }

    private static DateOnly ReadDate(ref ScalarText text)
    {
        var year = ReadNumber(ref text, 4, "a date as YYYY-MM-DD");
        Take(ref text, '-', "a date as YYYY-MM-DD");
        var month = ReadNumber(ref text, 2, "a month of two digits");
        Take(ref text, '-', "a date as YYYY-MM-DD");
        var day = ReadNumber(ref text, 2, "a day of two digits");
        Require(text, year > 0, 4, 6, "a year from 0001 to 9999");
        Require(text, month is >= 1 and <= 12, 2, 3, "a month from 01 to 12");
        var days = DateTime.DaysInMonth(year, month);
        Require(text, day >= 1 && day <= days, 2, 0, $"a day from 01 to {days} for this month");
        return new DateOnly(year, month, day);
    }

    /// <summary>Gives the time of day in ticks of 100 ns.</summary>
    private static long ReadTime(ref ScalarText text)
    {
        var hour = ReadPair(ref text, 23, "an hour");
        Take(ref text, ':', "a time as HH:MM:SS");
        var minute = ReadPair(ref text, 59, "a minute");
        Take(ref text, ':', "a time as HH:MM:SS");
        var second = ReadPair(ref text, 59, "a second");
        return new TimeSpan(hour, minute, second).Ticks + (text.TryTake('.') ? ReadFraction(ref text) : 0);
    }

    private static long ReadFraction(ref ScalarText text)
    {
        if (!text.AtDigit)
        {
            throw text.Expected("a digit");
        }

        var ticks = 0L;
        for (var unit = TimeSpan.TicksPerSecond / 10; text.AtDigit; unit /= 10, text.Index++)
        {
            ticks += unit * (text.Current - '0');
        }

        return ticks;
    }

    private static TomlOffsetDateTime ReadOffset(ref ScalarText text, DateTime local)
    {
        var offset = TimeSpan.Zero;
        if (!text.TryTake('Z', 'z'))
        {
            var negative = text.Current == '-';
            if (!text.TryTake('+', '-'))
            {
                throw text.Expected("the time to end, or 'Z' or an offset as +HH:MM");
            }

            var hour = ReadPair(ref text, 23, "an offset's hour");
            Take(ref text, ':', "an offset as +HH:MM");
            offset = new TimeSpan(hour, ReadPair(ref text, 59, "an offset's minute"), 0);
            offset = negative ? -offset : offset;
        }

        if (!text.AtEnd)
        {
            throw text.Expected("the date-time to end");
        }

        var utc = local.Ticks - offset.Ticks;
        return offset.Duration() <= LargestOffset && utc >= 0 && utc <= DateTime.MaxValue.Ticks
            ? new TomlOffsetDateTime(new DateTimeOffset(local, offset), text.Start)
            : throw text.Error($"{Wording.Quoted(text.Text)} can't be held: "
                + "expected an offset of at most 14:00 and a year from 0001 to 9999 in UTC");
    }

    private static int ReadPair(ref ScalarText text, int most, string what)
    {
        var number = ReadNumber(ref text, 2, $"{what} of two digits");
        Require(text, number <= most, 2, 0, $"{what} from 00 to {most}");
        return number;
    }

    private static int ReadNumber(ref ScalarText text, int digits, string what)
    {
        var number = 0;
        for (var i = 0; i < digits; i++, text.Index++)
        {
            number = text.AtDigit ? (number * 10) + (text.Current - '0') : throw text.Expected(what);
        }

        return number;
    }

    /// <summary>Refuses the <paramref name="digits"/> that end <paramref name="behind"/> characters before the current one.</summary>
    private static void Require(ScalarText text, bool holds, int digits, int behind, string what)
    {
        if (!holds)
        {
            var from = text.Index - behind - digits;
            throw text.Error(from, $"expected {what}, found {Wording.Quoted(text.Text.Slice(from, digits))}");
        }
    }

    private static void Take(ref ScalarText text, char expected, string what)
    {
        if (!text.TryTake(expected))
        {
            throw text.Expected(what);
        }
    }
}
