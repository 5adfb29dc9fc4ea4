using OpsAgent.OpsCtl.Output;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("plain", "plain")]
    [InlineData("Ünïcode → 🚀 stays", "Ünïcode → 🚀 stays")]
    [InlineData("two\r\nlines", "two\\u000d\\u000alines")]
    [InlineData("\u001b[31mred", "\\u001b[31mred")]
    [InlineData("bidi \u202e edoc", "bidi \\u202e edoc")]
    [InlineData("sep\u2028arator", "sep\\u2028arator")]
    [InlineData("c1 \u009b31m", "c1 \\u009b31m")]
    [InlineData("mix 🚀\n", "mix 🚀\\u000a")]
    public void Outside_text_becomes_one_harmless_line(string? text, string expected) =>
        Assert.Equal(expected, SafeText.OneLine(text));

    [Fact]
    public void Half_a_surrogate_pair_is_spelled_out() => Assert.Equal("a\\ud83d", SafeText.OneLine("a\ud83d"));
}
