using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
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
    [InlineData("tag \U000E0041", "tag \\udb40\\udc41")]
    public void Outside_text_becomes_one_harmless_line(string? text, string expected) =>
        Assert.Equal(expected, SafeText.OneLine(text));

    [Fact]
    public void Half_a_surrogate_pair_is_spelled_out() => Assert.Equal("a\\ud83d", SafeText.OneLine("a\ud83d"));

    [Fact]
    public void Whatever_comes_from_outside_a_terminal_is_not_steered_and_a_line_is_one() => Prop.ForAll(Hostile, text =>
        SafeText.OneLine(text).EnumerateRunes().All(static r => Rune.GetUnicodeCategory(r) is not (UnicodeCategory.Control
            or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator))
        && Paint.Line([new Piece(text, Tone.Bad)], colors: true).Count(static c => c == '\u001b') == (text.Length == 0 ? 0 : 2)).Check(Runs);

    [Fact]
    public void What_programs_read_is_ascii_on_one_line() => Prop.ForAll(Hostile, text =>
        JsonText.Make(text, text).All(static c => c is >= ' ' and <= '~')).Check(Runs);

    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    private static readonly Arbitrary<string> Hostile = Gen.Elements(
        "\n", "\r", "\u001b[2J", "\u001b]0;title\a", "\u009b31m", "\u0085", "\u2028", "\u2029", "\u202e", "\u2066", "\0", "\b", "\t", "<3>", "{0}", " ",
        "a", "🚀", "\U000E0041", "\ufeff").ListOf().Select(static p => string.Concat(p)).ToArbitrary();
}
