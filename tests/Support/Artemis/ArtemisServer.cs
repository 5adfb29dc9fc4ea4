using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpsAgent.Tests.Support.Artemis;

/// <summary>
/// A small broker that behaves over STOMP as ActiveMQ Artemis is read to behave where it differs from others: NACK is ACK; windows
/// are counted in bytes; message-ids are <c>consumer,message</c>, the first half new with each SUBSCRIBE; silence and slow
/// handshakes end a connection. It reads frames by itself and keeps all it saw for the test. It is no Artemis, and proves nothing of one.
/// </summary>
public sealed class ArtemisServer : IAsyncDisposable
{
    private readonly ArtemisOptions _options;
    private readonly TimeProvider _time;
    private readonly ArtemisStore _store;
    private readonly ConcurrentQueue<ScriptedStompFrame> _frames = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly List<ArtemisConnection> _connections = [];
    private TcpListener _listener;
    private int _accepted;
    private int _handshakesTimedOut;
    private int _stalls;

    public ArtemisServer(ArtemisOptions? options = null, TimeProvider? time = null)
    {
        _options = options ?? new ArtemisOptions();
        _time = time ?? TimeProvider.System;
        _store = new ArtemisStore(_options, _time);
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAllAsync(_listener);
    }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>TCP connections so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections that the handshake's limit ended.</summary>
    public int HandshakesTimedOut => Volatile.Read(ref _handshakesTimedOut);

    /// <summary>Bytes that came, of all connections.</summary>
    public long BytesRead => Connections().Sum(c => c.BytesRead);

    /// <summary>Line ends between frames, of all connections.</summary>
    public int HeartBeats => Connections().Sum(c => c.HeartBeats);

    /// <summary>Connections that are up.</summary>
    public int Open => Connections().Count(c => c.IsOpen);

    /// <summary>Every frame that clients sent.</summary>
    public IReadOnlyCollection<ScriptedStompFrame> Frames => _frames;

    /// <summary>The message of every ERROR frame that was sent.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>What was put aside after too many attempts.</summary>
    public IReadOnlyList<ArtemisMessage> DeadLetters => Read(store => store.DeadLetters.ToList());

    /// <summary>True: acks get lost on their way, as they do when a connection ends before they are through.</summary>
    public bool LosesAcks
    {
        get => Read(store => store.LosesAcks);
        set => Read(store => store.LosesAcks = value);
    }

    /// <summary>Puts a message into a queue or onto a topic.</summary>
    public ArtemisMessage Send(string destination, string body, bool contentLength = false, params (string Name, string Value)[] headers) => Read(
        store => store.Send(destination, Encoding.UTF8.GetBytes(body), contentLength, [.. headers.Select(h => KeyValuePair.Create(h.Name, h.Value))]));

    /// <summary>What was ever sent there, by whomever, in order.</summary>
    public IReadOnlyList<ArtemisMessage> Sent(string destination) => Read(store => store.Routed.Where(m => m.Destination == destination).ToList());

    /// <summary>What waits in a queue.</summary>
    public IReadOnlyList<ArtemisMessage> Pending(string queue) => Read(store => store.Queue(queue).Pending);

    /// <summary>What is with consumers of a queue and was not acked.</summary>
    public IReadOnlyList<ArtemisDelivery> Unacked(string queue) => Read(store => store.Queue(queue).Consumers.SelectMany(c => c.Unacked).ToList());

    /// <summary>What is gone from a queue because it was acked, in the order of the acks.</summary>
    public IReadOnlyList<ArtemisMessage> Acked(string queue) => Read(store => store.Queue(queue).Acked.ToList());

    /// <summary>Every delivery from a queue, in order.</summary>
    public IReadOnlyList<ArtemisDelivery> Deliveries(string queue) => Read(store => store.Queue(queue).Deliveries.ToList());

    /// <summary>The windows, in bytes, of those who are subscribed to a queue now.</summary>
    public IReadOnlyList<int> Windows(string queue) => Read(store => store.Queue(queue).Consumers.Select(c => c.Window).ToList());

    /// <summary>The next message or consumer gets this number: a store that was built anew begins again.</summary>
    public void NumberFrom(long next) => Read(store =>
    {
        store.NumberFrom(next);
        return 0;
    });

    /// <summary>The next so many connections get nothing through before the handshake's limit.</summary>
    public void StallHandshakes(int count) => Interlocked.Exchange(ref _stalls, count);

    /// <summary>Ends all connections with a reset.</summary>
    public void Drop() => Connections().ForEach(c => c.Drop());

    /// <summary>Says ERROR on all connections, then closes them.</summary>
    public void Fail(string message) => Connections().Where(c => c.IsOpen).ToList().ForEach(c => c.Fail(message));

    /// <summary>Refuses connections from now on; those that stand go on.</summary>
    public void StopListening() => _listener.Stop();

    /// <summary>Accepts again, on the same port.</summary>
    public void ListenAgain()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Start();
        _ = AcceptAllAsync(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        foreach (var connection in Connections())
        {
            await connection.DisposeAsync();
        }
    }

    internal void Received(ScriptedStompFrame frame) => _frames.Enqueue(frame);

    internal void Told(string error) => _errors.Enqueue(error);

    internal void HandshakeTimedOut() => Interlocked.Increment(ref _handshakesTimedOut);

    private T Read<T>(Func<ArtemisStore, T> read)
    {
        lock (_store.Gate)
        {
            return read(_store);
        }
    }

    private List<ArtemisConnection> Connections()
    {
        lock (_connections)
        {
            return [.. _connections];
        }
    }

    private async Task AcceptAllAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync();
                socket.NoDelay = true;
                var stalls = Interlocked.Decrement(ref _stalls) >= 0;
                var connection = new ArtemisConnection(socket, Interlocked.Increment(ref _accepted), this, _store, _options, _time, stalls);
                lock (_connections)
                {
                    _connections.Add(connection);
                }

                connection.Start();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test stopped it.
        }
    }
}
