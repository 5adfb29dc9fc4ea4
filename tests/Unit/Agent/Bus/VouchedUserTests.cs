using OpsAgent.Agent.Bus;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Bus;

public sealed class VouchedUserTests
{
    private static readonly KeyValuePair<string, string> Ops = new("JMSXUserID", "ops");

    [Fact]
    public void The_one_that_is_there_counts() => Assert.Equal("ops", VouchedUser.Of([new("a", "b"), Ops, new("jmsxuserid", "x")], someDropped: false));

    [Fact]
    public void One_that_is_there_twice_names_nobody() => Assert.Null(VouchedUser.Of([Ops, new("JMSXUserID", "forged")], someDropped: false));

    [Fact]
    public void Where_headers_were_dropped_nobody_is_named() => Assert.Null(VouchedUser.Of([Ops], someDropped: true));

    [Fact]
    public void None_or_an_empty_one_names_nobody()
    {
        Assert.Null(VouchedUser.Of([], someDropped: false));
        Assert.Null(VouchedUser.Of([new("JMSXUserID", "")], someDropped: false));
    }
}
