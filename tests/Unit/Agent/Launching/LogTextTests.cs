using OpsAgent.Agent.Launching;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Launching;

public sealed class LogTextTests
{
    [Theory]
    [InlineData("plain text, ~!@#", "plain text, ~!@#")]
    [InlineData("Grüße, 数据, 😀", "Grüße, 数据, 😀")]
    [InlineData("a\tb", @"a\tb")]
    [InlineData("a\r\nforged line", @"a\u000D\u000Aforged line")]
    [InlineData("\u001b[31mred", @"\u001B[31mred")]
    [InlineData("\0\u007f\u0085\u009b", @"\u0000\u007F\u0085\u009B")]
    [InlineData("a\u202Eb\u2066c\u200Fd\u061Ce", @"a\u202Eb\u2066c\u200Fd\u061Ce")]
    [InlineData("a\u2028b\u2029c", @"a\u2028b\u2029c")]
    [InlineData("\ufeffx\u00adsoft", @"\uFEFFx\u00ADsoft")]
    [InlineData("tag\U000E0041", @"tag\U000E0041")]
    [InlineData("", "")]
    public void What_could_forge_a_line_or_turn_it_around_is_encoded(string text, string clean) =>
        Assert.Equal(clean, LogText.Clean(text));

    [Fact]
    public void Half_a_surrogate_pair_is_replaced() =>
        Assert.Equal("half \uFFFD alone", LogText.Clean("half " + (char)0xD83D + " alone"));

    [Fact]
    public void Clean_text_is_given_back_as_it_is()
    {
        const string Text = "nothing to do";
        Assert.Same(Text, LogText.Clean(Text));
    }

    [Fact]
    public void A_reason_is_one_line_of_at_most_300_characters()
    {
        var reason = LogText.CleanReason("  " + new string('x', 400));
        Assert.Equal(300, reason.Length);
        Assert.EndsWith("x...", reason, StringComparison.Ordinal);
        Assert.Equal(new string('y', 300), LogText.CleanReason(new string('y', 300) + "\n"));
        Assert.InRange(LogText.CleanReason(new string('\n', 200) + "x" + new string('\u0001', 200) + "x").Length, 1, 300);
    }

    [Fact]
    public void A_reason_is_not_cut_in_the_middle_of_a_character()
    {
        var reason = LogText.CleanReason(new string('x', 296) + "😀😀😀");
        Assert.Equal(new string('x', 296) + "...", reason);
    }

    [Fact]
    public void No_text_whatever_leaves_a_control_or_format_character_behind()
    {
        var random = new Random(4711);
        for (var i = 0; i < 2_000; i++)
        {
            var text = string.Create(40, random, static (span, r) =>
            {
                foreach (ref var c in span)
                {
                    c = (char)r.Next(r.Next(2) == 0 ? 0x100 : 0x10000);
                }
            });
            foreach (var rune in LogText.Clean(text).EnumerateRunes())
            {
                Assert.False(System.Text.Rune.IsControl(rune));
                Assert.NotEqual(System.Globalization.UnicodeCategory.Format, System.Text.Rune.GetUnicodeCategory(rune));
            }
        }
    }
}
