using OpsAgent.OpsCtl.Output;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Screens;

public sealed class TextLayoutTests
{
    [Theory]
    [InlineData("one two three", 20, "one two three")]
    [InlineData("one two three", 13, "one two three")]
    [InlineData("one two three", 12, "one two|three")]
    [InlineData("one two three", 3, "one|two|three")]
    [InlineData("a /path/that/is/long b", 8, "a|/path/that/is/long|b")]
    [InlineData("", 8, "")]
    [InlineData("日本 日本", 8, "日本|日本")]
    [InlineData("日本 日本", 9, "日本 日本")]
    public void Lines_are_broken_between_words_and_no_word_is(string text, int width, string expected) =>
        Assert.Equal(expected, string.Join('|', WordWrap.Lines(text, width)));

    [Fact]
    public void A_facts_value_stays_beside_its_name() => Assert.Equal(
        ["name   x", "queue  /queue/epicprod.ops,", "       namespace prodops"],
        FactLayout.Lines([("name", "x"), ("queue", "/queue/epicprod.ops, namespace prodops")], 30, colors: false));

    [Fact]
    public void On_a_very_narrow_terminal_it_goes_below_its_name() => Assert.Equal(
        ["a long name", "  the value is", "  below it"],
        FactLayout.Lines([("a long name", "the value is below it")], 16, colors: false));

    [Fact]
    public void Colors_go_on_from_line_to_line() => Assert.Equal(
        ["a  \u001b[31mred red red red\u001b[0m", "   \u001b[31mred red\u001b[0m"],
        FactLayout.Lines([("a", new Piece("red red red red red red", Tone.Bad))], 19, colors: true));
}
