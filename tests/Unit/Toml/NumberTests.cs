using OpsAgent.Toml;
using Xunit;

namespace OpsAgent.Tests.Unit.Toml;

public sealed class NumberTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("+0", 0)]
    [InlineData("-0", 0)]
    [InlineData("42", 42)]
    [InlineData("+99", 99)]
    [InlineData("-17", -17)]
    [InlineData("5_349_221", 5349221)]
    [InlineData("1_2_3", 123)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("0xDEAD_beef", 0xDEADBEEF)]
    [InlineData("0x7fffffffffffffff", long.MaxValue)]
    [InlineData("0o0755", 493)]
    [InlineData("0b1101_0110", 214)]
    public void Integers_are_read_in_each_base(string text, long expected) =>
        Assert.Equal(expected, Read.Value<TomlInteger>(text).Value);

    [Theory]
    [InlineData("1.0", 1.0)]
    [InlineData("+3.14", 3.14)]
    [InlineData("-0.01", -0.01)]
    [InlineData("5e+22", 5e22)]
    [InlineData("1E06", 1e6)]
    [InlineData("-2e-2", -0.02)]
    [InlineData("6.626e-34", 6.626e-34)]
    [InlineData("224_617.445_991_228", 224617.445991228)]
    [InlineData("1e1_0", 1e10)]
    [InlineData("1e-999", 0.0)]
    [InlineData("1.7976931348623157e308", double.MaxValue)]
    [InlineData("5e-324", double.Epsilon)]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("+inf", double.PositiveInfinity)]
    [InlineData("-inf", double.NegativeInfinity)]
    [InlineData("nan", double.NaN)]
    [InlineData("-nan", double.NaN)]
    public void Floats_are_read(string text, double expected) => Assert.Equal(expected, Read.Value<TomlFloat>(text).Value);

    [Fact]
    public void A_negative_zero_keeps_its_sign()
    {
        Assert.True(double.IsNegative(Read.Value<TomlFloat>("-0.0").Value));
        Assert.False(double.IsNegative(Read.Value<TomlFloat>("0.0").Value));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void Booleans_are_read(string text, bool expected) => Assert.Equal(expected, Read.Value<TomlBoolean>(text).Value);

    [Theory]
    [InlineData("007", 1, "a number has no leading zero: expected '007' without it, or quotes around it")]
    [InlineData("-01.5", 2, "a number has no leading zero: expected '-01.5' without it, or quotes around it")]
    [InlineData("180s", 4, "expected the number to end here, or quotes around a string, found 's' in '180s'")]
    [InlineData("1__0", 3, "expected a digit, found '_' in '1__0'")]
    [InlineData("10_", 4, "expected a digit, found the end of '10_'")]
    [InlineData("1.", 3, "expected a digit, found the end of '1.'")]
    [InlineData("1._5", 3, "expected a digit, found '_' in '1._5'")]
    [InlineData("1e", 3, "expected a digit, found the end of '1e'")]
    [InlineData("0xfg", 4, "expected a digit of base 16, found 'g' in '0xfg'")]
    [InlineData("0b102", 5, "expected a digit of base 2, found '2' in '0b102'")]
    [InlineData("0o", 3, "expected a digit of base 8, found the end of '0o'")]
    [InlineData("0X10", 2, "a number's base is written in lower case: expected 0x, 0o or 0b")]
    [InlineData("-0x10", 1, "a number in base 2, 8 or 16 has no sign: expected it to begin with 0x, 0o or 0b")]
    [InlineData(".5", 1, "a number begins with a digit, after its sign if it has one: expected that, found '.5'")]
    [InlineData("+-5", 1, "a number begins with a digit, after its sign if it has one: expected that, found '+-5'")]
    [InlineData("9223372036854775808", 1, "'9223372036854775808' does not fit 64 bits: expected -9223372036854775808 to 9223372036854775807")]
    [InlineData("0x8000000000000000", 1, "'0x8000000000000000' does not fit 64 bits: expected -9223372036854775808 to 9223372036854775807")]
    [InlineData("1e400", 1, "'1e400' is too large: expected at most 1.7976931348623157E+308 (or inf)")]
    [InlineData("True", 1, "expected 'true' in lower case, found 'True'")]
    [InlineData("null", 1, "TOML has no null: expected a value, or the key left out, found 'null'")]
    [InlineData("fetch", 1, "expected a value, found 'fetch' (a string needs quotes)")]
    public void A_bad_number_or_word_is_refused_in_place(string text, int column, string problem) =>
        Read.RefusesValue(text, column, problem);

    [Theory]
    [InlineData("0x10", "16")]
    [InlineData("1_000", "1000")]
    [InlineData("3.0", "3.0")]
    [InlineData("1e22", "1E+22")]
    [InlineData("0.1", "0.1")]
    [InlineData("-0.0", "-0.0")]
    [InlineData("-inf", "-inf")]
    [InlineData("+inf", "inf")]
    [InlineData("-nan", "nan")]
    [InlineData("true", "true")]
    public void A_scalars_text_is_TOML_again(string text, string expected)
    {
        var written = TomlDocument.Parse("v = " + text)["v"].ToString();
        Assert.Equal(expected, written);
        Assert.Equal(expected, TomlDocument.Parse("v = " + written)["v"].ToString());
    }
}
