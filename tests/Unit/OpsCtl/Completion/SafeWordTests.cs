using OpsAgent.OpsCtl.Completion;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Completion;

public sealed class SafeWordTests
{
    [Theory]
    [InlineData("0198c1f2a3b4")]
    [InlineData("nightly-2026:08.05_x")]
    [InlineData("_x")]
    public void An_id_that_the_agent_takes_is_offered(string text) => Assert.True(SafeWord.Is(text));

    [Fact]
    public void No_letter_that_a_shell_reads_gets_through()
    {
        for (var c = '\0'; c < 0x300; c++)
        {
            var isPlain = char.IsAsciiLetterOrDigit(c) || "._:-".Contains(c, StringComparison.Ordinal);
            Assert.Equal(isPlain, SafeWord.Is($"a{c}b"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("-rf")]
    [InlineData("--help")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(":x")]
    [InlineData("ａ")]
    public void Nor_does_a_word_that_means_something_else(string text) => Assert.False(SafeWord.Is(text));

    [Fact]
    public void A_description_is_one_short_line()
    {
        Assert.Equal("", SafeWord.Describe(null));
        Assert.Equal(@"a\u000ab\u001b[31m", SafeWord.Describe("a\nb\u001b[31m"));
        Assert.Equal(123, SafeWord.Describe(new string('x', 500)).Length);

        // A pair is never cut in two.
        Assert.Equal(new string('x', 119) + "...", SafeWord.Describe(new string('x', 119) + "🛰🛰"));
    }
}
