using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Artemis;

namespace OpsAgent.Tests.Unit.Agent.Bus;

/// <summary>The agent's bus with its own defaults, against the scripted Artemis.</summary>
internal sealed class BusUnderTest : IAsyncDisposable
{
    public const string Queue = "/queue/epicprod.ops";

    private int _losses;

    private BusUnderTest(ArtemisServer server, TimeProvider time, StompTlsOptions? tls)
    {
        var options = new BusOptions
        {
            Queue = Queue,
            Connection = new StompClientOptions { Endpoints = [new StompEndpoint("127.0.0.1", server.Port)], Tls = tls },
        };
        Options = options;
        Bus = new StompBus(options, time, NullLoggerFactory.Instance);
        Bus.Start(Deliveries.Enqueue, () => Interlocked.Increment(ref _losses));
    }

    public StompBus Bus { get; }

    public BusOptions Options { get; }

    public ConcurrentQueue<Delivery> Deliveries { get; } = new();

    /// <summary>Connections that ended.</summary>
    public int Losses => Volatile.Read(ref _losses);

    public static async Task<BusUnderTest> SubscribedAsync(ArtemisServer server, TimeProvider? time = null, StompTlsOptions? tls = null)
    {
        var under = new BusUnderTest(server, time ?? TimeProvider.System, tls);
        await under.IsSubscribedAsync(server);
        return under;
    }

    public Task IsSubscribedAsync(ArtemisServer server) =>
        Eventually.HoldsAsync(() => server.Windows(Queue).Count == 1, () => $"a subscription; the bus says {Bus.State}");

    public async Task<Delivery> ReceivesAsync(int number)
    {
        await Eventually.HoldsAsync(() => Deliveries.Count >= number, $"delivery {number}");
        return Deliveries.ElementAt(number - 1);
    }

    public ValueTask DisposeAsync() => Bus.DisposeAsync();
}
