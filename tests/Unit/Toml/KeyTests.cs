using OpsAgent.Toml;
using Xunit;

namespace OpsAgent.Tests.Unit.Toml;

public sealed class KeyTests
{
    [Theory]
    [InlineData("key = 1", "key")]
    [InlineData("bare-key_1 = 1", "bare-key_1")]
    [InlineData("1234 = 1", "1234")]
    [InlineData("\"quoted \\u00e9\" = 1", "quoted é")]
    [InlineData("'li.te\\ral'=1", "li.te\\ral")]
    [InlineData("\"\" = 1", "")]
    [InlineData("true = 1", "true")]
    public void Bare_and_quoted_keys_are_read(string line, string expected) =>
        Assert.Equal([expected], TomlDocument.Parse(line).Keys);

    [Theory]
    [InlineData("a.b.c = 1")]
    [InlineData("a . b\t.\tc = 1")]
    [InlineData("'a'.\"b\".c = 1")]
    [InlineData("a.b = { c = 1 }")]
    [InlineData("a = { b.c = 1 }")]
    [InlineData("[a.b]\nc = 1")]
    [InlineData("[ a . \"b\" ]\nc = 1")]
    public void Dots_make_tables_however_they_are_written(string document) =>
        Assert.Equal(1, Assert.IsType<TomlInteger>(Read.At(TomlDocument.Parse(document), "a.b.c")).Value);

    [Fact]
    public void Keys_are_given_in_document_order_and_are_case_sensitive()
    {
        var table = TomlDocument.Parse("z = 1\na = 2\nM.x = 3\nm = 4\nM.y = 5\n[k]\n[b]");
        Assert.Equal(["z", "a", "M", "m", "k", "b"], table.Keys);
        Assert.Equal(table.Keys, table.Select(static e => e.Key));
        Assert.Equal(table.Values, table.Select(static e => e.Value));
        Assert.Equal(6, table.Count);
    }

    [Fact]
    public void A_key_that_is_not_there_is_not_found()
    {
        var table = TomlDocument.Parse("a = 1");
        Assert.False(table.ContainsKey("b"));
        Assert.False(table.TryGetValue("b", out _));
        Assert.Throws<KeyNotFoundException>(() => table["b"]);
        Assert.Throws<KeyNotFoundException>(() => table.KeyPosition("b"));
    }

    [Theory]
    [InlineData("= 1", "1:1: expected a key, found '='")]
    [InlineData("a. = 1", "1:4: expected a key after '.', found '='")]
    [InlineData(".a = 1", "1:1: expected a key, found '.'")]
    [InlineData("a..b = 1", "1:3: expected a key after '.', found '.'")]
    [InlineData("a b = 1", "1:3: expected '=' after the key 'a', found 'b'")]
    [InlineData("a\n= 1", "1:2: expected '=' after the key 'a', found the end of the line")]
    [InlineData("a.\"b c\" 1", "1:9: expected '=' after the key 'a.\"b c\"', found '1'")]
    [InlineData("a: 1", "1:2: expected '=' after the key 'a', found ':'")]
    [InlineData("a # = 1", "1:3: expected '=' after the key 'a', found '#'")]
    [InlineData("é = 1", "1:1: 'é' (U+00E9) is not allowed in a bare key: expected letters, digits, '_' or '-', or a key in quotes")]
    [InlineData("a/b = 1", "1:2: '/' is not allowed in a bare key: expected letters, digits, '_' or '-', or a key in quotes")]
    [InlineData("a\u202E = 1", "1:2: U+202E is not allowed in a bare key: ")]
    [InlineData("\"\"\"a\"\"\" = 1", "1:1: a key can't be a multi-line string: expected one quote on each side")]
    [InlineData("\"a = 1", "1:1: this string is not closed: expected a double quote before the end of the file")]
    [InlineData("a =", "1:4: expected a value, found the end of the file")]
    [InlineData("a = # none", "1:5: expected a value, found '#'")]
    [InlineData("a == 1", "1:4: expected a value, found '='")]
    [InlineData("a = 1 b = 2", "1:7: expected the end of the line after the value, found 'b'")]
    public void A_bad_line_is_refused_in_place(string document, string message) => Read.Refuses(document, message);
}
