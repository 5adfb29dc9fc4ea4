using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OpsAgent.Stomp.Broker;

/// <summary>
/// A STOMP broker within this process, for first use, demonstrations and tests: queues and topics in memory, on the loopback
/// interface alone. What it holds is gone when it ends.
/// </summary>
public sealed partial class StompBroker : IAsyncDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger;
    private readonly BrokerCore _core;
    private readonly BrokerListener _listener;
    private readonly ITimer _sweep;

    private StompBroker(StompBrokerOptions options, ILogger logger, TimeProvider time)
    {
        _logger = logger;
        _core = new BrokerCore(options.Limits, time);
        _listener = new BrokerListener(options, _core, logger);
        Endpoint = new StompEndpoint(IPAddress.Loopback.ToString(), _listener.Port);
        _sweep = time.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
    }

    /// <summary>The port that it listens on.</summary>
    public int Port => Endpoint.Port;

    /// <summary>Where it listens: 127.0.0.1 and <see cref="Port"/>.</summary>
    public StompEndpoint Endpoint { get; }

    /// <summary>Connections that are open now, those that have not sent CONNECT yet among them.</summary>
    public int Connections => _listener.Connections;

    /// <summary>Messages that are held now in all; one that waits for three subscribers of a topic counts three times.</summary>
    public int Messages
    {
        get
        {
            lock (_core.Gate)
            {
                return _core.Capacity.Messages;
            }
        }
    }

    /// <summary>Bytes of the messages that are held now, each counted once.</summary>
    public long MessageBytes
    {
        get
        {
            lock (_core.Gate)
            {
                return _core.Capacity.Bytes;
            }
        }
    }

    /// <summary>The queues that hold messages or have consumers, by name.</summary>
    public IReadOnlyList<StompBrokerQueue> Queues
    {
        get
        {
            lock (_core.Gate)
            {
                return [.. _core.Destinations.Queues
                    .Select(q => new StompBrokerQueue(q.Destination, q.Waiting, q.HandedOut, q.Consumers.Count))
                    .OrderBy(q => q.Destination, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Starts a broker; it listens when this completes.</summary>
    /// <param name="options">What it has to know.</param>
    /// <param name="logger">Told of the start, of refused connections and, at level Debug, of each connection's end.</param>
    /// <param name="time">The clock of all its timeouts, of expiry and of the messages' timestamps.</param>
    /// <exception cref="ArgumentException">The options can't work; all that is wrong is said.</exception>
    /// <exception cref="SocketException">It can't listen on the port: most likely something else does.</exception>
    public static Task<StompBroker> StartAsync(StompBrokerOptions options, ILogger? logger = null, TimeProvider? time = null)
    {
        options.Check();
        try
        {
            var broker = new StompBroker(options, logger ?? NullLogger.Instance, time ?? TimeProvider.System);
            broker._listener.Start();
            broker.LogListening(broker.Endpoint);
            return Task.FromResult(broker);
        }
        catch (SocketException failure)
        {
            return Task.FromException<StompBroker>(failure);
        }
    }

    /// <summary>Closes the port and every connection at once. What was not delivered is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        await _listener.DisposeAsync();
    }

    private void Sweep()
    {
        lock (_core.Gate)
        {
            _core.Destinations.DropExpired();
        }
    }
}
