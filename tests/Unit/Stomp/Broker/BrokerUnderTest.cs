using OpsAgent.Stomp;
using OpsAgent.Stomp.Broker;
using OpsAgent.Tests.Support;

namespace OpsAgent.Tests.Unit.Stomp.Broker;

/// <summary>Brokers and clients of theirs as most tests want them.</summary>
internal static class BrokerUnderTest
{
    public static Task<StompBroker> StartAsync(StompBrokerLimits? limits = null, TimeProvider? time = null) => StompBroker.StartAsync(
        new StompBrokerOptions { Limits = limits ?? new(), WriteTimeout = Eventually.Limit, ConnectTimeout = Eventually.Limit },
        logger: null,
        time);

    public static async Task<StompClient> ConnectAsync(StompBroker broker, Func<StompClientOptions, StompClientOptions>? change = null)
    {
        var options = new StompClientOptions { Endpoints = [broker.Endpoint] };
        var client = new StompClient(change?.Invoke(options) ?? options);
        client.Start();
        using var limit = new CancellationTokenSource(Eventually.Limit);
        await client.WaitConnectedAsync(limit.Token);
        return client;
    }
}
