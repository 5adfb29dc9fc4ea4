using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Broker;

/// <summary>
/// A STOMP broker within this process, for first use, demonstrations and tests: queues and topics in memory, on the loopback
/// interface alone. What it holds is gone when it ends.
/// </summary>
public sealed partial class StompBroker : IAsyncDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private readonly StompBrokerOptions _options;
    private readonly ILogger _logger;
    private readonly BrokerCore _core;
    private readonly Admission _admission;
    private readonly Socket _listener;
    private readonly ITimer _sweep;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<BrokerConnection, Task> _connections = [];
    private readonly Task _accepting;
    private long _accepted;
    private int _refusals;
    private bool _disposed;

    private StompBroker(StompBrokerOptions options, ILogger logger, TimeProvider time, Socket listener)
    {
        (_options, _logger, _listener) = (options, logger, listener);
        _core = new BrokerCore(options.Limits, time);
        _admission = new Admission(options);
        Endpoint = new StompEndpoint(IPAddress.Loopback.ToString(), ((IPEndPoint)listener.LocalEndPoint!).Port);
        _sweep = time.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>The port that it listens on.</summary>
    public int Port => Endpoint.Port;

    /// <summary>Where it listens: 127.0.0.1 and <see cref="Port"/>.</summary>
    public StompEndpoint Endpoint { get; }

    /// <summary>Connections that are open now.</summary>
    public int Connections
    {
        get
        {
            lock (_connections)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Messages that are held now in all.</summary>
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

    /// <summary>Bytes of the messages that are held now.</summary>
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
                    .Select(q => new StompBrokerQueue(q.Destination, q.Waiting, q.Consumers.Sum(c => c.OpenDeliveries), q.Consumers.Count))
                    .OrderBy(q => q.Destination, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Starts a broker; it listens when this completes.</summary>
    /// <exception cref="ArgumentException">The options can't work; all that is wrong is said.</exception>
    /// <exception cref="SocketException">It can't listen on the port: most likely something else does.</exception>
    public static Task<StompBroker> StartAsync(StompBrokerOptions options, ILogger? logger = null, TimeProvider? time = null)
    {
        options.Check();
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, options.Port));
            listener.Listen();
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        var broker = new StompBroker(options, logger ?? NullLogger.Instance, time ?? TimeProvider.System, listener);
        broker.LogListening(broker.Endpoint);
        return Task.FromResult(broker);
    }

    /// <summary>Closes the port and every connection. What was not delivered is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            await _accepting;
            return;
        }

        await _sweep.DisposeAsync();
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        List<Task> running;
        lock (_connections)
        {
            foreach (var connection in _connections.Keys)
            {
                connection.End("the broker stops");
            }

            running = [.. _connections.Values];
        }

        await Task.WhenAll(running);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                socket.NoDelay = true;
                Serve(socket);
            }
            catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Asked for.
            }
            catch (SocketException failure)
            {
                // Out of descriptors, or the client went before it was accepted.
                LogAcceptFailed(failure);
                await Task.Delay(AcceptPause, _core.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Serve(Socket socket)
    {
        lock (_connections)
        {
            if (_connections.Count < _options.Limits.MaxConnections)
            {
                var connection = new BrokerConnection(socket, _core, _admission, _options);
                _connections.Add(connection, Task.CompletedTask);
                _connections[connection] = Task.Run(() => RunAsync(connection, ++_accepted));
                return;
            }
        }

        LogTooMany(_options.Limits.MaxConnections);
        _ = RefuseAsync(socket);
    }

    private async Task RunAsync(BrokerConnection connection, long number)
    {
        using (connection)
        {
            var reason = await connection.RunAsync();
            LogEnded(number, reason);
        }

        lock (_connections)
        {
            _connections.Remove(connection);
        }
    }

    /// <summary>Says why, as long as there are not too many to say it to.</summary>
    private async Task RefuseAsync(Socket socket)
    {
        const int MostAtOnce = 64;
        using (socket)
        {
            try
            {
                if (Interlocked.Increment(ref _refusals) <= MostAtOnce)
                {
                    var error = new SendBuffer();
                    ServerFrames.Error(error, StompVersion.V10, $"too many connections: the broker serves {_options.Limits.MaxConnections}", null, null);
                    await socket.SendAsync(error.Written, SocketFlags.None, _stop.Token);
                    await Farewell.SayAsync(socket, _core.Time, _stop.Token);
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // It did not wait for the reason.
            }
            finally
            {
                Interlocked.Decrement(ref _refusals);
            }
        }
    }

    private void Sweep()
    {
        lock (_core.Gate)
        {
            _core.Destinations.DropExpired();
        }
    }
}
