using Xunit;

namespace OpsAgent.Tests.Unit.Toml;

public sealed class RedefinitionTests
{
    [Theory]
    [InlineData("a = 1\nb = 2\n  a = 3", "3:3: the key 'a' is defined already in line 1: expected a key once in its table")]
    [InlineData("a = 1\n'a' = 3", "2:1: the key 'a' is defined already in line 1: ")]
    [InlineData("a.b = 1\na.b = 2", "2:3: the key 'a.b' is defined already in line 1: ")]
    [InlineData("a.b.c = 1\na.b = 2", "2:3: the key 'a.b' is defined already in line 1: ")]
    [InlineData("a = {b = 1, b = 2}", "1:13: the key 'b' is defined already in line 1: ")]
    [InlineData("[t]\na = 1\n[t.a]", "3:4: 't.a' is an integer in line 2: expected a table")]
    public void A_key_is_given_once(string document, string message) => Read.Refuses(document, message);

    [Theory]
    [InlineData("[a]\n[b]\n[a]", "3:2: the table 'a' is defined already in line 1: expected a header once")]
    [InlineData("[a.b]\n[a]\n[ a.b ]", "3:5: the table 'a.b' is defined already in line 1: expected a header once")]
    [InlineData("[[l]]\n[l.a]\n[l.a]", "3:4: the table 'l.a' is defined already in line 2: expected a header once")]
    [InlineData("[f]\na.c = 1\n[f.a]", "3:4: the table 'f.a' is defined by dotted keys since line 2: expected no header for it")]
    [InlineData("[a.b.c]\n[a]\nb.x = 1\n[a.b]", "4:4: the table 'a.b' is defined by dotted keys since line 3: expected no header for it")]
    [InlineData("[[l]]\n[l]", "2:2: 'l' is an array of tables since line 1: expected double brackets for one more of them")]
    public void A_table_has_one_header(string document, string message) => Read.Refuses(document, message);

    [Theory]
    [InlineData("[a.b.c]\n[a]\nb.c.d = 1", "3:3: the table 'b.c' has its own header in line 1: expected this key there")]
    [InlineData("a = 1\na.b = 2", "2:1: 'a' is an integer in line 1: expected a table")]
    [InlineData("a = \"x\"\n[a.b]", "2:2: 'a' is a string in line 1: expected a table")]
    [InlineData("a = 2000-01-01T00:00:00Z\n[a]", "2:2: 'a' is an offset date-time in line 1: expected a table")]
    public void A_value_is_no_table_and_a_finished_table_gets_no_more_keys(string document, string message) =>
        Read.Refuses(document, message);

    [Theory]
    [InlineData("a = {}\na.b = 1", "2:1: the inline table 'a' is complete in line 1: expected all of its keys there")]
    [InlineData("a = {}\n[a]", "2:2: the inline table 'a' is complete in line 1: ")]
    [InlineData("a = {}\n[a.b]", "2:2: the inline table 'a' is complete in line 1: ")]
    [InlineData("a = {b = {}}\n[[a.b]]", "2:3: the inline table 'a' is complete in line 1: ")]
    [InlineData("a = {b.c = 1, b = {}}", "1:15: the key 'b' is defined already in line 1: ")]
    [InlineData("a = {b = {}, b.c = 1}", "1:14: the inline table 'b' is complete in line 1: ")]
    public void An_inline_table_is_complete(string document, string message) => Read.Refuses(document, message);

    [Theory]
    [InlineData("a = []\n[[a]]", "2:3: the array 'a' is complete in line 1: expected all of its items there")]
    [InlineData("a = [{}]\n[a.b]", "2:2: 'a' is an array in line 1: expected a table")]
    [InlineData("[a]\n[[a]]", "2:3: 'a' is a table in line 1: expected an array of tables")]
    [InlineData("[[a.b]]\n[[a]]", "2:3: 'a' is a table in line 1: expected an array of tables")]
    [InlineData("[[a.b]]\n[a]\nb.c = 1", "3:1: 'b' is an array of tables since line 1: expected this key below one of its [[headers]]")]
    public void An_array_grows_by_double_brackets_only(string document, string message) => Read.Refuses(document, message);
}
