using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Bus;

public sealed class BrokerUserTests
{
    [Theory]
    [InlineData(true, "ops")]
    [InlineData(false, null)]
    public async Task The_user_of_a_frame_is_believed_only_where_the_broker_is_known_to_vouch_for_it(bool vouches, string? user)
    {
        await using var server = new ScriptedStompServer();
        var options = new BusOptions
        {
            Queue = "/queue/a",
            VouchesForSenders = vouches,
            Connection = new StompClientOptions { Endpoints = [new StompEndpoint("127.0.0.1", server.Port)] },
        };
        await using var bus = new StompBus(options, TimeProvider.System, NullLoggerFactory.Instance);
        var deliveries = new ConcurrentQueue<Delivery>();
        bus.Start(deliveries.Enqueue, static () => { });
        var connection = await server.GrantAsync();
        var subscription = await connection.ExpectAsync("SUBSCRIBE");

        await connection.SendMessageAsync(subscription["id"]!, "1", "{}", "/queue/a", ("JMSXUserID", "ops"), ("ops-key", "a"), ("ops-key", "b"));
        await connection.SendMessageAsync(subscription["id"]!, "2", "{}", "/queue/a", ("JMSXUserID", "ops"), ("JMSXUserID", "webtier"));

        await Eventually.HoldsAsync(() => deliveries.Count == 2, "both");
        var (first, second) = (deliveries.First(), deliveries.Last());
        Assert.Equal((user, null), (first.BrokerUser, second.BrokerUser));
        Assert.Equal(["a", "b"], first.Headers.Where(static h => h.Key == "ops-key").Select(static h => h.Value));
    }
}
