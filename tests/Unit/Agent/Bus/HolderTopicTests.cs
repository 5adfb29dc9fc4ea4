using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Bus;

/// <summary>The ping to one's own queue and the topic of its answers, on the wire.</summary>
public sealed class HolderTopicTests
{
    private const string Queue = "/queue/epicprod.ops";

    [Fact]
    public async Task A_broker_that_refuses_the_topic_loses_one_connection_by_it_and_is_not_asked_for_it_again()
    {
        await using var server = new ScriptedStompServer();
        var options = new BusOptions
        {
            Queue = Queue,
            Connection = new StompClientOptions { Endpoints = [new StompEndpoint("127.0.0.1", server.Port)] },
        };
        using var holding = new QueueHolding("us", 1, options, TimeProvider.System, NullLogger<QueueHolding>.Instance);
        await using var bus = new StompBus(options, TimeProvider.System, NullLoggerFactory.Instance, holding);
        Assert.Equal(QueueClaim.Unknown, holding.Decide(TimeProvider.System.GetUtcNow()).Claim);
        bus.Start(static _ => { }, static () => { });

        var first = await server.GrantAsync();
        Assert.Equal(Queue, (await first.ExpectAsync("SUBSCRIBE"))["destination"]);
        Assert.StartsWith("/topic/epicprod.ops.holder.", (await first.ExpectAsync("SUBSCRIBE"))["destination"], StringComparison.Ordinal);
        Assert.Equal(Queue, (await first.ExpectAsync("SEND"))["destination"]);
        await first.SendFrameAsync("ERROR", [("message", "not authorized")], "");
        await Eventually.HoldsAsync(
            () => holding.Decide(TimeProvider.System.GetUtcNow()).Claim == QueueClaim.Own, "an agent that is taken to be alone");

        var second = await server.GrantAsync();
        Assert.Equal(Queue, (await second.ExpectAsync("SUBSCRIBE"))["destination"]);
        await bus.SendAsync(new OutgoingMessage("/topic/a", "{}"u8.ToArray(), Persistent: false), CancellationToken.None);
        Assert.Equal("/topic/a", (await second.ExpectAsync("SEND"))["destination"]);
    }
}
