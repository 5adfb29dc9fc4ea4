using System.Globalization;

namespace OpsAgent.Toml.Reading;

/// <summary>Reads integers of four bases, and floats.</summary>
internal static class NumberNotation
{
    public static TomlNode Read(ScalarText number)
    {
        var signed = number.TryTake('+', '-');
        var unsigned = number.Text[number.Index..];
        if (unsigned is "inf" or "nan")
        {
            var value = unsigned is "nan" ? double.NaN : double.PositiveInfinity;
            return new TomlFloat(number.Text[0] == '-' ? -value : value, number.Start);
        }

        if (unsigned is ['0', 'x' or 'o' or 'b' or 'X' or 'O' or 'B', ..])
        {
            return signed
                ? throw number.Error("a number in base 2, 8 or 16 has no sign: expected it to begin with 0x, 0o or 0b")
                : ReadPrefixed(number);
        }

        var digitsAt = number.Index;
        PassDigits(ref number);
        if (number.Text[digitsAt] == '0' && number.Index > digitsAt + 1)
        {
            throw number.Error(digitsAt,
                $"a number has no leading zero: expected {Wording.Quoted(number.Text)} without it, or quotes around it");
        }

        var isFloat = PassFraction(ref number);
        if (!number.AtEnd)
        {
            throw number.Expected("the number to end here, or quotes around a string");
        }

        return isFloat ? MakeFloat(number) : MakeInteger(number);
    }

    /// <summary>The value of a digit of any base up to 16.</summary>
    public static int DigitOf(char unit) => char.IsAsciiDigit(unit) ? unit - '0' : (unit | 0x20) - 'a' + 10;

    /// <summary>Passes a fraction and an exponent; says whether there was either.</summary>
    private static bool PassFraction(ref ScalarText number)
    {
        var fraction = number.TryTake('.');
        if (fraction)
        {
            PassDigits(ref number);
        }

        if (!number.TryTake('e', 'E'))
        {
            return fraction;
        }

        number.TryTake('+', '-');
        PassDigits(ref number);
        return true;
    }

    private static void PassDigits(ref ScalarText number)
    {
        do
        {
            if (!number.AtDigit)
            {
                throw number.Expected("a digit");
            }

            while (number.AtDigit)
            {
                number.Index++;
            }
        }
        while (number.TryTake('_'));
    }

    private static TomlInteger ReadPrefixed(ScalarText number)
    {
        var radix = number.Text[1] switch
        {
            'x' => 16,
            'o' => 8,
            'b' => 2,
            _ => throw number.Error(1, "a number's base is written in lower case: expected 0x, 0o or 0b"),
        };
        number.Index = 2;
        var value = 0L;
        do
        {
            if (!IsDigit(number.Current, radix))
            {
                throw number.Expected($"a digit of base {radix}");
            }

            for (; IsDigit(number.Current, radix); number.Index++)
            {
                var digit = DigitOf(number.Current);
                value = value <= (long.MaxValue - digit) / radix ? (value * radix) + digit : throw TooLarge(number);
            }
        }
        while (number.TryTake('_'));

        return number.AtEnd ? new TomlInteger(value, number.Start) : throw number.Expected($"a digit of base {radix}");
    }

    private static bool IsDigit(char unit, int radix) => radix switch
    {
        16 => char.IsAsciiHexDigit(unit),
        8 => unit is >= '0' and <= '7',
        _ => unit is '0' or '1',
    };

    private static TomlInteger MakeInteger(ScalarText number) =>
        long.TryParse(Plain(number), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? new TomlInteger(value, number.Start)
            : throw TooLarge(number);

    private static TomlFloat MakeFloat(ScalarText number)
    {
        var value = double.Parse(Plain(number), NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value)
            ? new TomlFloat(value, number.Start)
            : throw number.Error($"{Wording.Quoted(number.Text)} is too large: expected at most {double.MaxValue:R} (or inf)");
    }

    private static string Plain(ScalarText number) => number.Text.ToString().Replace("_", "", StringComparison.Ordinal);

    private static TomlException TooLarge(ScalarText number) =>
        number.Error($"{Wording.Quoted(number.Text)} does not fit 64 bits: expected {long.MinValue} to {long.MaxValue}");
}
