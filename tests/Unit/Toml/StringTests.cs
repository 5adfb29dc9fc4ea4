using Xunit;

namespace OpsAgent.Tests.Unit.Toml;

public sealed class StringTests
{
    [Theory]
    [InlineData("\"\"", "")]
    [InlineData("\"a 'b' # c\"", "a 'b' # c")]
    [InlineData("''", "")]
    [InlineData("'C:\\new \"x\"'", "C:\\new \"x\"")]
    [InlineData("\"\"\"\"\"\"", "")]
    [InlineData("\"\"\"\none\ntwo\"\"\"", "one\ntwo")]
    [InlineData("\"\"\"\n\none\"\"\"", "\none")]
    [InlineData("'''\nno \\escape\n'''", "no \\escape\n")]
    [InlineData("\"\"\"\"two\"\"\"\"\"", "\"two\"\"")]
    [InlineData("''''two'''''", "'two''")]
    [InlineData("\"\"\"a\"\"b\"\"\"", "a\"\"b")]
    [InlineData("\"\ttab\t\"", "\ttab\t")]
    public void Each_of_the_four_notations_is_read(string text, string expected) => Assert.Equal(expected, Read.Text(text));

    [Theory]
    [InlineData(@"""\b\t\n\f\r\""\\""", "\b\t\n\f\r\"\\")]
    [InlineData(@"""\u00e9\u00E9""", "éé")]
    [InlineData(@"""\U0001F600!""", "\U0001F600!")]
    [InlineData(@"""\uD7FF\uE000\U0010FFFF""", "\uD7FF\uE000\U0010FFFF")]
    [InlineData(@"""\u0000""", "\0")]
    [InlineData(@"""""""\""""""\""""""\""""""""""", "\"\"\"\"\"\"\"\"")]
    public void Escapes_are_resolved(string text, string expected) => Assert.Equal(expected, Read.Text(text));

    [Theory]
    [InlineData("\"\"\"a \\\n   b\"\"\"", "a b")]
    [InlineData("\"\"\"a \\ \t\n\n\t\n   b\"\"\"", "a b")]
    [InlineData("\"\"\"\\\n\"\"\"", "")]
    [InlineData("\"\"\"a\\\\\nb\"\"\"", "a\\\nb")]
    public void A_backslash_at_a_lines_end_joins_the_lines(string text, string expected) =>
        Assert.Equal(expected, Read.Text(text));

    [Theory]
    [InlineData("\"\"\"a\r\nb\r\n\"\"\"", "a\nb\n")]
    [InlineData("'''\r\na\r\nb'''", "a\nb")]
    [InlineData("\"\"\"a\\\r\n  b\"\"\"", "ab")]
    public void Line_ends_of_either_kind_are_read_as_line_feeds(string text, string expected) =>
        Assert.Equal(expected, Read.Text(text));

    [Theory]
    [InlineData("\"abc", 1, "this string is not closed: expected a double quote before the end of the file")]
    [InlineData("'abc\n'", 1, "this string is not closed: expected a single quote before the end of the line")]
    [InlineData("\"abc\\\"\n", 1, "this string is not closed: expected a double quote before the end of the line")]
    [InlineData("\"\"\"abc\n\"\"", 1, "this multi-line string is not closed: expected three double quotes before the end of the file")]
    [InlineData("'''abc\n''", 1, "this multi-line string is not closed: expected three single quotes before the end of the file")]
    [InlineData("\"ab\" c", 6, "expected the end of the line after the value, found 'c' (is a quote missing in what stands before it?)")]
    [InlineData("\"\"\"a\"\"\"\"\"\"", 10, "expected the end of the line after the value, found a double quote (is a quote missing in what stands before it?)")]
    public void A_string_that_does_not_end_well_is_refused_in_place(string text, int column, string problem) =>
        Read.RefusesValue(text, column, problem);

    [Theory]
    [InlineData(@"""ab\q""", 4, "a backslash before 'q' is no escape: ")]
    [InlineData(@"""C:\data""", 4, "a backslash before 'd' is no escape: ")]
    [InlineData(@"""ab\u12g4""", 8, "expected 4 hexadecimal digits after \\u, found 'g'")]
    [InlineData(@"""ab\U0001F60""", 13, "expected 8 hexadecimal digits after \\U, found a double quote")]
    [InlineData(@"""ab\uD800""", 4, "U+D800 is no character: ")]
    [InlineData(@"""ab\U00110000""", 4, "U+110000 is no character: ")]
    [InlineData("\"ab\\\ncd\"", 4, "a backslash before the end of the line is no escape: ")]
    [InlineData("\"\"\"ab\\ c\"\"\"", 6, "a backslash before a space is no escape: ")]
    public void A_bad_escape_is_refused_in_place(string text, int column, string start) =>
        Read.Refuses("v = " + text, $"1:{column + 4}: {start}");
}
