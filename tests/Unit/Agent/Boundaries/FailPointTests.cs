using OpsAgent.Agent.Boundaries;
using OpsAgent.Tests.Support.Docs;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Boundaries;

public sealed class FailPointTests
{
    [Fact]
    public void The_passage_that_was_named_is_the_last_one()
    {
        var killed = 0;
        Assert.True(FailPoints.TryRead("committed:3", () => killed++, out var point));
        point.Count(Boundary.Committed);
        point.Count(Boundary.Received);
        point.Count(Boundary.Committed);
        Assert.Equal(0, killed);
        point.Count(Boundary.Committed);
        point.Count(Boundary.Committed);
        Assert.Equal(1, killed);
    }

    [Theory]
    [InlineData("committed")]
    [InlineData("committed:0")]
    [InlineData("committed:-1")]
    [InlineData("committed:x")]
    [InlineData("committed:1:1")]
    [InlineData("nowhere:1")]
    [InlineData("0:1")]
    [InlineData(":1")]
    public void What_is_no_fail_point_is_refused(string text)
    {
        Assert.False(FailPoints.TryRead(text, null, out _));
        Assert.False(FailPoints.TryArm(text));
        Assert.Null(FailPoints.Armed);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Nothing_is_armed_unless_it_is_asked_for(string? text)
    {
        Assert.True(FailPoints.TryArm(text));
        Assert.Null(FailPoints.Armed);
        FailPoints.Pass(Boundary.Received);
    }

    [Fact]
    public void The_manual_names_every_boundary()
    {
        var table = MarkdownPage.Read("docs/development.md").Section("Test").Tables.Single(t => t[0][0] == "`received`");
        Assert.Equal(Enum.GetNames<Boundary>().Select(n => n.ToLowerInvariant()), table.Select(row => row[0].Trim('`')));
    }
}
