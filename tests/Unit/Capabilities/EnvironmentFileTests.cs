using OpsAgent.Capabilities;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities;

public sealed class EnvironmentFileTests
{
    [Theory]
    [InlineData("A=b", "A", "b")]
    [InlineData("A=", "A", "")]
    [InlineData("A=b=c", "A", "b=c")]
    [InlineData("  A = b c  ", "A", " b c")]
    [InlineData("A=b\r", "A", "b")]
    [InlineData("A=pa$$w&rd(1) ; # `x` \\n", "A", "pa$$w&rd(1) ; # `x` \\n")]
    [InlineData("A=${HOME} $(id)", "A", "${HOME} $(id)")]
    [InlineData("A=it's \"so\"", "A", "it's \"so\"")]
    [InlineData("_a1=é", "_a1", "é")]
    public void A_value_is_what_stands_there(string line, string name, string value)
    {
        var file = EnvironmentFile.Parse(line, "f");
        Assert.Equal([new(name, value)], file.Values);
        Assert.Empty(file.Doubts);
    }

    [Fact]
    public void Blank_lines_and_comments_say_nothing_and_the_last_of_one_name_comes_last()
    {
        var file = EnvironmentFile.Parse("\n# A=1\n ;A=2\n \t\nA=3\n\nA=4", "f");
        Assert.Equal(["3", "4"], file.Values.Select(v => v.Value));
        Assert.Empty(file.Doubts);
    }

    [Theory]
    [InlineData("no assignment secret")]
    [InlineData("=secret")]
    [InlineData("1A=secret")]
    [InlineData("A-B=secret")]
    [InlineData("export A=secret")]
    [InlineData("A=sec\0ret")]
    public void A_line_that_is_no_assignment_is_skipped_and_told_without_its_value(string line)
    {
        var file = EnvironmentFile.Parse($"X=1\n{line}\nY=2", "/etc/f");
        Assert.Equal(["X", "Y"], file.Values.Select(v => v.Key));
        Assert.Equal("/etc/f:2: no KEY=VALUE; the line is skipped", Assert.Single(file.Doubts));
    }

    [Theory]
    [InlineData("\"secret\"")]
    [InlineData("'secret'")]
    public void Quotes_are_kept_and_told(string value)
    {
        var file = EnvironmentFile.Parse($"A={value}", "f");
        Assert.Equal(value, Assert.Single(file.Values).Value);
        Assert.Equal("f:1: A is in quotes, which are taken as part of its value", Assert.Single(file.Doubts));
    }

    [Fact]
    public void A_file_is_read_whole_and_one_that_is_not_there_is_an_error()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("2", EnvironmentFile.Read(folder.Write("env", "A=1\nB=2\n")).Values[1].Value);
        Assert.Throws<FileNotFoundException>(() => EnvironmentFile.Read(folder.At("none")));
    }
}
