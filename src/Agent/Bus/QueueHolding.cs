using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Bus;

/// <summary>
/// Finds out who holds the queue, from what can be seen on it: any delivery says that this agent does. Where none comes, it sends a
/// <c>health_ping</c> by the queue, answered to a topic of its own: either it comes back as a delivery, or another agent answers it.
/// It is asked once on a connection that brings nothing, and again and again while work waits for the answer. Nobody is asked where
/// consumers are neither exclusive nor said to stand by: nobody holds such a queue.
/// </summary>
/// <param name="agent">This agent's name, as in its pong.</param>
/// <param name="pid">Its process.</param>
/// <param name="options">The queue, and whether other agents are known to stand by.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class QueueHolding(string agent, int pid, BusOptions options, TimeProvider time, ILogger<QueueHolding> logger)
    : IQueueHolding, IDisposable
{
    /// <summary>From one ping to the next, and from a connection to the first one if nobody waits for it.</summary>
    public static readonly TimeSpan BetweenAsks = TimeSpan.FromSeconds(5);

    /// <summary>A ping that nobody took for so long asks no more.</summary>
    private static readonly TimeSpan Expires = TimeSpan.FromSeconds(60);

    /// <summary>Connections in a row that may end at the first ping before it counts as refused.</summary>
    private const int MostLosses = 3;

    private readonly bool _shared = options.Exclusive || options.HasStandby;
    private readonly Lock _gate = new();
    private readonly string _topic = $"/topic/{options.Queue.AsSpan(options.Queue.LastIndexOf('/') + 1)}.holder.{Guid.NewGuid():N}";
    private Func<OutgoingMessage, Task>? _send;
    private Func<string, Action<long, ReadOnlyMemory<byte>>, Func<ValueTask>>? _listen;
    private Func<ValueTask>? _unlisten;
    private ITimer? _timer;
    private long _connection;
    private int _losses;
    private Moment _since;
    private Moment _otherAt;
    private string _other = "";
    private volatile bool _own;
    private bool _connected;
    private bool _otherHolds;
    private bool _asked;
    private bool _refused;
    private bool _wanted;
    private bool _resting;

    /// <summary>What is known, in words; empty without a connection.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
            {
                return !_connected ? ""
                    : _own ? $"held since {At(_since.Wall)}"
                    : _otherHolds ? $"STANDBY: {_other} held it at {At(_otherAt.Wall)}"
                    : "subscribed, nothing was delivered yet";
            }
        }
    }

    /// <summary>True if another agent has answered for the queue on this connection, and nothing was delivered here since.</summary>
    public bool StandsBy
    {
        get
        {
            lock (_gate)
            {
                return _connected && _otherHolds && !_own;
            }
        }
    }

    /// <summary>Gives it the connection.</summary>
    /// <param name="send">Sends and completes when the broker has confirmed.</param>
    /// <param name="listen">
    /// Subscribes to a topic, and returns what ends that; each message's connection, as its number, and body are handed over.
    /// </param>
    public void Start(Func<OutgoingMessage, Task> send, Func<string, Action<long, ReadOnlyMemory<byte>>, Func<ValueTask>> listen)
    {
        (_send, _listen) = (send, listen);
        _timer = time.CreateTimer(static self => ((QueueHolding)self!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>There is a connection, and it is subscribed.</summary>
    public void Connected()
    {
        lock (_gate)
        {
            _connection++;
            (_connected, _own, _otherHolds, _asked, _resting) = (true, false, false, false, false);
            _timer?.Change(_wanted ? TimeSpan.Zero : BetweenAsks, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>It is gone: somebody else may hold the queue from now on.</summary>
    public void Lost()
    {
        lock (_gate)
        {
            (_connected, _own) = (false, false);
            _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        _ = UnlistenAsync();
    }

    /// <summary>A message of the queue has come. On the receive path.</summary>
    /// <param name="connection">The number of the connection that brought it, from 1 on.</param>
    public void Delivered(long connection)
    {
        if (_own)
        {
            return;
        }

        lock (_gate)
        {
            if (!_connected || connection != _connection)
            {
                return;
            }

            _own = true;
            _since = Now();
            _losses = 0;
            _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        LogHeld(options.Queue);
    }

    public Holding Decide(DateTimeOffset receivedAt)
    {
        if (!_shared)
        {
            return new Holding(QueueClaim.Own);
        }

        var received = receivedAt.ToUnixTimeMilliseconds();
        lock (_gate)
        {
            if (_other.Length > 0 && received <= Wall(_otherAt, received))
            {
                return new Holding(QueueClaim.Other, $"{_other} held the queue while it waited here");
            }

            if (_own)
            {
                return options.HasStandby && received < Wall(_since, received)
                    ? new Holding(QueueClaim.Other, "another agent may have held the queue while this one was away")
                    : new Holding(QueueClaim.Own);
            }

            if (_refused && !options.HasStandby && !_otherHolds)
            {
                // It can't be found out, and no other agent is said to exist.
                return new Holding(QueueClaim.Own);
            }

            _wanted = true;
            if (_connected && (!_asked || _resting))
            {
                _resting = false;
                _timer?.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }

            return new Holding(QueueClaim.Unknown);
        }
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>One look, on a timer of its own.</summary>
    private void Look()
    {
        long connection;
        lock (_gate)
        {
            if (!_shared || !_connected || _own || _refused || (_asked && !_wanted))
            {
                _resting = true;
                return;
            }

            (_asked, _wanted, connection) = (true, false, _connection);
            _timer!.Change(BetweenAsks, Timeout.InfiniteTimeSpan);
        }

        _ = AskAsync(connection);
    }

    private async Task AskAsync(long connection)
    {
        if (await ListenAsync(connection) is not { } fresh)
        {
            return;
        }

        var ping = new JsonObject { ["msg_type"] = "health_ping", ["reply_to"] = _topic };
        try
        {
            await _send!(new OutgoingMessage(
                options.Queue, JsonSerializer.SerializeToUtf8Bytes(ping), Persistent: false, time.GetUtcNow() + Expires));
            lock (_gate)
            {
                _losses = 0;
            }
        }
        catch (BusUnavailableException e)
        {
            NotAsked(e, fresh);
        }
    }

    /// <summary>
    /// Subscribes to the answers, for this connection only: were it refused, each further one would be lost by it. False if that was
    /// done before, null if the connection is gone.
    /// </summary>
    private async Task<bool?> ListenAsync(long connection)
    {
        lock (_gate)
        {
            if (_unlisten is not null)
            {
                return false;
            }
        }

        var unlisten = _listen!(_topic, Answered);
        lock (_gate)
        {
            if (_connected && connection == _connection)
            {
                _unlisten = unlisten;
                return true;
            }
        }

        await unlisten();
        return null;
    }

    private async Task UnlistenAsync()
    {
        Func<ValueTask>? unlisten;
        lock (_gate)
        {
            (unlisten, _unlisten) = (_unlisten, null);
        }

        if (unlisten is not null)
        {
            await unlisten();
        }
    }

    /// <summary>Each try would cost the connection, if it was refused; if not, the next connection is asked again.</summary>
    private void NotAsked(BusUnavailableException e, bool fresh)
    {
        var refusal = e.Refusal ?? (fresh ? e.BrokerError : null);
        lock (_gate)
        {
            _losses += fresh ? 1 : 0;
            if (_refused || (refusal is null && _losses < MostLosses))
            {
                return;
            }

            _refused = true;
        }

        LogRefused(options.Queue, refusal ?? e.Message);
    }

    private void Answered(long connection, ReadOnlyMemory<byte> pong)
    {
        // Our own answer tells nothing: the ping's delivery did, and the connection that it came by may be gone.
        if (Read(pong) is not { } from || from == (agent, pid))
        {
            return;
        }

        lock (_gate)
        {
            if (!_connected || connection != _connection)
            {
                return;
            }

            (_other, _otherAt, _otherHolds) = ($"{from.Agent} (pid {from.Pid})", Now(), true);
        }

        LogOther(options.Queue, _other);
    }

    private static (string Agent, int Pid)? Read(ReadOnlyMemory<byte> pong)
    {
        try
        {
            var body = JsonElement.Parse(pong.Span);
            return (Dispatch.PlainText.OneLine(body.GetProperty("agent").GetString() ?? "?", 100), body.GetProperty("pid").GetInt32());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // Not a pong: whoever sent it here tells nothing.
            return null;
        }
    }

    private Moment Now() => new(time.GetUtcNow().ToUnixTimeMilliseconds(), time.GetTimestamp());

    /// <summary>
    /// A moment as the wall clock shows it, to be compared with what it showed for the work. If it was set back since, that is earlier
    /// than it showed then, unless the work is as old.
    /// </summary>
    private long Wall(Moment moment, long received)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return moment.Wall <= now || received > now ? moment.Wall : now - (long)time.GetElapsedTime(moment.Stamp).TotalMilliseconds;
    }

    private static string At(long ms) => $"{DateTimeOffset.FromUnixTimeMilliseconds(ms):yyyy-MM-dd HH:mm:ss}Z";

    /// <summary>What the wall clock showed, in ms since 1970, and a time stamp that no setting of it changes.</summary>
    private readonly record struct Moment(long Wall, long Stamp);

    [LoggerMessage(1061, LogLevel.Information, "{Queue} is held by this agent")]
    private partial void LogHeld(string queue);

    [LoggerMessage(1062, LogLevel.Warning, "{Queue} is held by {Other}: this agent stands by")]
    private partial void LogOther(string queue, string other);

    [LoggerMessage(1063, LogLevel.Warning, "who holds {Queue} can't be asked, since the broker refuses a ping to it: {Refusal}")]
    private partial void LogRefused(string queue, string refusal);
}
