using OpsAgent.Toml;
using Xunit;

namespace OpsAgent.Tests.Unit.Toml;

public sealed class DateTimeTests
{
    [Theory]
    [InlineData("1979-05-27T07:32:00Z", 0, 0)]
    [InlineData("1979-05-27 07:32:00z", 0, 0)]
    [InlineData("1979-05-27t00:32:00-07:00", -420, 0)]
    [InlineData("1979-05-27T13:02:00.1234567+05:30", 330, 1234567)]
    [InlineData("1979-05-27T07:32:00.123456799Z", 0, 1234567)]
    [InlineData("1979-05-27T07:32:00.5-00:00", 0, 5000000)]
    public void An_offset_date_time_keeps_its_offset_and_all_of_100_ns(string text, int offsetMinutes, long ticks)
    {
        var expected = new DateTimeOffset(1979, 5, 27, 7, 32, 0, TimeSpan.Zero).AddTicks(ticks).ToOffset(TimeSpan.FromMinutes(offsetMinutes));
        Assert.True(expected.EqualsExact(Read.Value<TomlOffsetDateTime>(text).Value));
    }

    [Fact]
    public void A_local_date_time_has_no_zone()
    {
        var value = Read.Value<TomlLocalDateTime>("1979-05-27 07:32:00.25").Value;
        Assert.Equal(new DateTime(1979, 5, 27, 7, 32, 0, 250), value);
        Assert.Equal(DateTimeKind.Unspecified, value.Kind);
    }

    [Fact]
    public void A_local_date_may_be_a_leap_day() =>
        Assert.Equal(new DateOnly(2000, 2, 29), Read.Value<TomlLocalDate>("2000-02-29").Value);

    [Fact]
    public void A_local_time_is_read_to_its_last_tick() =>
        Assert.Equal(TimeOnly.MaxValue, Read.Value<TomlLocalTime>("23:59:59.99999999999").Value);

    [Theory]
    [InlineData("[1979-05-27 ]", 1)]
    [InlineData("[1979-05-27 , 1979-05-28 07:32:00, 07:32:00]", 3)]
    public void A_space_after_a_date_belongs_to_it_only_before_a_time(string text, int count) =>
        Assert.Equal(count, Read.Value<TomlArray>(text).Count);

    [Theory]
    [InlineData("1979-05-27T07:32:00Z")]
    [InlineData("1979-05-27T07:32:00.1234567-07:00")]
    [InlineData("1979-05-27T07:32:00.5")]
    [InlineData("1979-05-27")]
    [InlineData("07:32:00.25")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.9999999")]
    public void The_text_of_a_date_is_ISO_8601_again(string text) =>
        Assert.Equal(text, TomlDocument.Parse("v = " + text)["v"].ToString());

    [Theory]
    [InlineData("1979-5-27", 7, "expected a month of two digits, found '-' in '1979-5-27'")]
    [InlineData("1979-13-27", 6, "expected a month from 01 to 12, found '13'")]
    [InlineData("1900-02-29", 9, "expected a day from 01 to 28 for this month, found '29'")]
    [InlineData("0000-01-01", 1, "expected a year from 0001 to 9999, found '0000'")]
    [InlineData("1979-05-27T24:00:00", 12, "expected an hour from 00 to 23, found '24'")]
    [InlineData("1979-05-27T07:60:00", 15, "expected a minute from 00 to 59, found '60'")]
    [InlineData("1979-05-27T23:59:60Z", 18, "expected a second from 00 to 59, found '60'")]
    [InlineData("1979-05-27T07:32", 17, "expected a time as HH:MM:SS, found the end of '1979-05-27T07:32'")]
    [InlineData("1979-05-27T", 12, "expected an hour of two digits, found the end of '1979-05-27T'")]
    [InlineData("1979-05-27 7:32:00", 13, "expected an hour of two digits, found ':' in '1979-05-27 7:32:00'")]
    [InlineData("07:32:00Z", 9, "expected the time to end, found 'Z' in '07:32:00Z'")]
    [InlineData("07:32:00.", 10, "expected a digit, found the end of '07:32:00.'")]
    [InlineData("1979-05-27T07:32:00+0100", 23, "expected an offset as +HH:MM, found '0' in '1979-05-27T07:32:00+0100'")]
    [InlineData("1979-05-27T07:32:00Zulu", 21, "expected the date-time to end, found 'u' in '1979-05-27T07:32:00Zulu'")]
    [InlineData("1979-05-27T07:32:00+14:01", 1,
        "'1979-05-27T07:32:00+14:01' can't be held: expected an offset of at most 14:00 and a year from 0001 to 9999 in UTC")]
    [InlineData("0001-01-01T00:00:00+01:00", 1,
        "'0001-01-01T00:00:00+01:00' can't be held: expected an offset of at most 14:00 and a year from 0001 to 9999 in UTC")]
    public void A_bad_date_or_time_is_refused_in_place(string text, int column, string problem) =>
        Read.RefusesValue(text, column, problem);
}
