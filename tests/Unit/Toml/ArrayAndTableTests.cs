using OpsAgent.Toml;
using Xunit;

namespace OpsAgent.Tests.Unit.Toml;

public sealed class ArrayAndTableTests
{
    [Theory]
    [InlineData("[]", 0)]
    [InlineData("[ # none\n ]", 0)]
    [InlineData("[1]", 1)]
    [InlineData("[1,2,]", 2)]
    [InlineData("[\n  1, # one\n\n  # two\n  2\n  ,\n]", 2)]
    [InlineData("[[1, 2], [\"a\"], {}]", 3)]
    public void Arrays_may_span_lines_hold_comments_and_end_in_a_comma(string text, int count) =>
        Assert.Equal(count, Read.Value<TomlArray>(text).Count);

    [Fact]
    public void An_array_may_mix_types() =>
        Assert.Equal(
            ["string", "integer", "float", "boolean", "offset date-time", "local date-time", "local date", "local time", "array", "table"],
            Read.Value<TomlArray>("[\"a\", 1, 1.0, true, 2000-01-01T00:00:00Z, 2000-01-01T00:00:00, 2000-01-01, 00:00:00, [], {}]")
                .Select(static n => n.Kind));

    [Theory]
    [InlineData("{}", "")]
    [InlineData("{ a = 1 }", "a")]
    [InlineData("{a=1,b.c=2 , b.d=3}", "a b")]
    [InlineData("{ a = [\n1\n], b = \"\"\"\n\"\"\" }", "a b")]
    public void Inline_tables_are_read(string text, string keys) =>
        Assert.Equal(keys, string.Join(' ', Read.Value<TomlTable>(text).Keys));

    [Fact]
    public void A_table_may_follow_its_sub_tables_and_be_found_through_arrays()
    {
        var root = TomlDocument.Parse("""
            [a.b]
            x = 1
            [a]
            y = 2
            [[a.list]]
            [[a.list]]
            [a.list.sub]
            z = 3
            [[a.list.deep]]
            [[a.list.deep]]
            w = 4
            """);
        Assert.Equal("1", Read.At(root, "a.b.x").ToString());
        Assert.Equal("2", Read.At(root, "a.y").ToString());
        Assert.Empty(Assert.IsType<TomlTable>(Read.At(root, "a.list.0")));
        Assert.Equal("3", Read.At(root, "a.list.1.sub.z").ToString());
        Assert.Equal("4", Read.At(root, "a.list.1.deep.1.w").ToString());
    }

    [Fact]
    public void Sub_tables_may_be_added_to_a_table_of_dotted_keys() =>
        Assert.Equal("1", Read.At(TomlDocument.Parse("[f]\napple.color = 'red'\n[f.apple.texture]\nsmooth = 1"), "f.apple.texture.smooth").ToString());

    [Fact]
    public void Dotted_keys_may_fill_a_table_that_only_headers_paths_have_named() =>
        Assert.Equal("2", Read.At(TomlDocument.Parse("[a.b.c]\nx = 1\n[a]\nb.y = 2"), "a.b.y").ToString());

    [Theory]
    [InlineData("v = [1 2]", "1:8: expected ',' or ']' in the array of line 1, found '2'")]
    [InlineData("v = [\n  \"a\"\n  \"b\"\n]", "3:3: expected ',' or ']' in the array of line 1, found a double quote")]
    [InlineData("v = [,]", "1:6: expected a value, found ','")]
    [InlineData("v = [1,,2]", "1:8: expected a value, found ','")]
    [InlineData("\nv = [1,\n", "2:5: this array is not closed: expected ']' before the end of the file")]
    [InlineData("v = [1\nw = 2", "2:1: expected ',' or ']' in the array of line 1, found 'w'")]
    [InlineData("v = [1]]", "1:8: expected the end of the line after the value, found ']'")]
    [InlineData("v = {a=1,}", "1:10: an inline table has no comma after its last value: expected a key, found '}'")]
    [InlineData("v = {a=1 b=2}", "1:10: expected ',' or '}' in the inline table, found 'b'")]
    [InlineData("v = {\na=1}", "1:6: an inline table stays on one line: expected '}', found the end of the line")]
    [InlineData("v = {a=1,\nb=2}", "1:10: an inline table stays on one line: expected '}', found the end of the line")]
    [InlineData("v = {a=1", "1:5: this inline table is not closed: expected '}' before the end of the file")]
    [InlineData("v = {a}", "1:7: expected '=' after the key 'a', found '}'")]
    [InlineData("v = {,}", "1:6: expected a key, found ','")]
    [InlineData("[]", "1:2: expected a table's name, found ']'")]
    [InlineData("[a", "1:3: expected ']' after the table's name 'a', found the end of the file")]
    [InlineData("[[a]", "1:4: expected ']]' after the table's name 'a', found ']'")]
    [InlineData("[ [a]]", "1:3: expected a table's name, found '['")]
    [InlineData("[a] b = 1", "1:5: expected the end of the line after the header, found 'b'")]
    [InlineData("[capability.fetch log]", "1:19: expected ']' after the table's name 'capability.fetch', found 'l'")]
    public void A_bad_array_table_or_header_is_refused_in_place(string document, string message) =>
        Read.Refuses(document, message);
}
