using OpsAgent.Agent.Handlers;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Handlers;

public sealed class ReplyDestinationsTests
{
    private readonly ReplyDestinations _allowed = new(["/queue/epicprod.ops", "/topic/epictopic"]);

    [Theory]
    [InlineData("/queue/epicprod.ops.pong.host.12")]
    [InlineData("/topic/pongs")]
    [InlineData("/temp-queue/x")]
    public void A_reply_queue_is_answered(string destination)
    {
        Assert.True(_allowed.Allows(destination, out _));
    }

    [Theory]
    [InlineData("/queue/epicprod.ops")]
    [InlineData("/topic/epictopic")]
    [InlineData("pong")]
    [InlineData("/queue/")]
    [InlineData("/queue/a b")]
    [InlineData("/queue/a\nb")]
    [InlineData("/dsub/x")]
    [InlineData("/queue/topic://epictopic")]
    [InlineData("/queue/x,topic://epictopic")]
    [InlineData("/queue/x,/topic/epictopic")]
    [InlineData("/topic/>")]
    [InlineData("/topic/*")]
    [InlineData("/queue/epicprod.ops?consumer.prefetchSize=1")]
    [InlineData("/queue/address::epicprod.ops")]
    [InlineData("/queue//epicprod.ops")]
    public void Anything_else_is_refused_with_a_reason(string destination)
    {
        Assert.False(_allowed.Allows(destination, out var reason));
        Assert.StartsWith("reply_to", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_overlong_destination_is_refused()
    {
        Assert.False(_allowed.Allows("/queue/" + new string('x', 300), out _));
    }
}
