using OpsAgent.Toml;
using Xunit;

namespace OpsAgent.Tests.Unit.Toml;

public sealed class PositionTests
{
    [Fact]
    public void Every_key_and_value_knows_its_place()
    {
        var root = TomlDocument.Parse("""
            title = "x"
            a . b = [1,
              { c = 2 }]

            [lane.fetch]
            slots = 4
              [[event]]
                [event.on]
            [lane]
            """);
        Assert.Equal(new TomlPosition(1, 1), root.Position);
        Assert.Equal(("1:1", "1:9"), Places(root, "title"));
        Assert.Equal(("2:1", "2:1"), Places(root, "a"));
        var a = Assert.IsType<TomlTable>(root["a"]);
        Assert.Equal(("2:5", "2:9"), Places(a, "b"));
        Assert.Equal("2:10", Read.At(a, "b.0").Position.ToString());
        Assert.Equal("3:3", Read.At(a, "b.1").Position.ToString());
        Assert.Equal(("3:5", "3:9"), Places(Assert.IsType<TomlTable>(Read.At(a, "b.1")), "c"));
        Assert.Equal(("5:2", "9:1"), Places(root, "lane"));
        var lane = Assert.IsType<TomlTable>(root["lane"]);
        Assert.Equal(("5:7", "5:1"), Places(lane, "fetch"));
        Assert.Equal(("6:1", "6:9"), Places(Assert.IsType<TomlTable>(lane["fetch"]), "slots"));
        Assert.Equal(("7:5", "7:3"), Places(root, "event"));
        Assert.Equal("7:3", Read.At(root, "event.0").Position.ToString());
        Assert.Equal(("8:12", "8:5"), Places(Assert.IsType<TomlTable>(Read.At(root, "event.0")), "on"));
    }

    [Theory]
    [InlineData("a = \"é\" x", "1:9")]
    [InlineData("a = \"\U0001F600\U0001F600\" x", "1:10")]
    [InlineData("a = \"e\u0301\" x", "1:10")]
    [InlineData("a\t=\t1\tx", "1:7")]
    [InlineData("a = 1\r\nb = 2 x\r\n", "2:7")]
    [InlineData("a = 1\r\nb =\r\nc = 1", "2:4")]
    [InlineData("a = '''\n\n'''\r\n\nb", "5:2")]
    [InlineData("\uFEFFa = x", "1:5")]
    public void A_column_counts_characters_and_a_line_ends_in_either_way(string document, string place) =>
        Assert.Equal(place, Read.Refusal(document).Position.ToString());

    [Fact]
    public void A_message_names_the_file_the_place_and_the_problem()
    {
        var refusal = Assert.Throws<TomlException>(() => TomlDocument.Parse("a = 1\nb 2", "agents/prodops.toml"));
        Assert.Equal("agents/prodops.toml:2:3: expected '=' after the key 'b', found '2'", refusal.Message);
        Assert.Equal(("agents/prodops.toml", new TomlPosition(2, 3)), (refusal.FileName, refusal.Position));
        Assert.Equal("expected '=' after the key 'b', found '2'", refusal.Problem);
        Assert.Null(Read.Refusal("b 2").FileName);
    }

    [Fact]
    public void What_a_message_quotes_is_short_and_can_do_nothing_to_a_terminal()
    {
        var refusal = Read.Refusal("a = \u202E\u009B" + new string('x', 500));
        Assert.StartsWith("expected a value, found '\\u202E\\u009Bxxx", refusal.Problem, StringComparison.Ordinal);
        Assert.InRange(refusal.Problem.Length, 50, 150);
    }

    private static (string Key, string Value) Places(TomlTable table, string key) =>
        (table.KeyPosition(key).ToString(), table[key].Position.ToString());
}
