using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Bus;

/// <summary>
/// Finds out who holds the queue, from what can be seen on it: any delivery says that this agent does. Where none comes, it sends a
/// <c>health_ping</c> by the queue, answered to a topic of its own: either it comes back as a delivery, or another agent answers it.
/// It is asked once on a connection that brings nothing, and again and again while work waits for the answer.
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

    private readonly Lock _gate = new();
    private readonly string _topic = $"/topic/{options.Queue.AsSpan(options.Queue.LastIndexOf('/') + 1)}.holder.{Guid.NewGuid():N}";
    private Func<OutgoingMessage, Task>? _send;
    private Action<string, Action<ReadOnlyMemory<byte>>>? _listen;
    private ITimer? _timer;
    private long _connection;
    private long _since;
    private long _otherAt;
    private string _other = "";
    private volatile bool _own;
    private bool _connected;
    private bool _otherHolds;
    private bool _asked;
    private bool _listening;
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
                    : _own ? $"held since {At(_since)}"
                    : _otherHolds ? $"STANDBY: {_other} held it at {At(_otherAt)}"
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
    /// <param name="listen">Subscribes to a topic; the bodies of its messages are handed over.</param>
    public void Start(Func<OutgoingMessage, Task> send, Action<string, Action<ReadOnlyMemory<byte>>> listen)
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
            _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        LogHeld(options.Queue);
    }

    public Holding Decide(DateTimeOffset receivedAt)
    {
        var received = receivedAt.ToUnixTimeMilliseconds();
        lock (_gate)
        {
            if (received <= _otherAt)
            {
                return new Holding(QueueClaim.Other, $"{_other} held the queue while it waited here");
            }

            if (_own)
            {
                return options.HasStandby && received < _since
                    ? new Holding(QueueClaim.Other, "another agent may have held the queue while this one was away")
                    : new Holding(QueueClaim.Own);
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
        lock (_gate)
        {
            if (!_connected || _own || _refused || (_asked && !_wanted))
            {
                _resting = true;
                return;
            }

            (_asked, _wanted) = (true, false);
            _timer!.Change(BetweenAsks, Timeout.InfiniteTimeSpan);
        }

        _ = AskAsync();
    }

    private async Task AskAsync()
    {
        if (!_listening)
        {
            _listening = true;
            _listen!(_topic, Answered);
        }

        var ping = new JsonObject { ["msg_type"] = "health_ping", ["reply_to"] = _topic };
        try
        {
            await _send!(new OutgoingMessage(
                options.Queue, JsonSerializer.SerializeToUtf8Bytes(ping), Persistent: false, time.GetUtcNow() + Expires));
        }
        catch (BusUnavailableException e) when (e.Refusal is not null)
        {
            // Each try would cost the connection. A delivery will tell, sooner or later.
            _refused = true;
            LogRefused(options.Queue, e.Refusal);
        }
        catch (BusUnavailableException)
        {
            // The next connection is asked again.
        }
    }

    private void Answered(ReadOnlyMemory<byte> pong)
    {
        if (Read(pong) is not { } from)
        {
            return;
        }

        lock (_gate)
        {
            // What answers a ping of ours is us if it has our name, and the ping was delivered here.
            if (_own && from == (agent, pid))
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

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static string At(long ms) => $"{DateTimeOffset.FromUnixTimeMilliseconds(ms):yyyy-MM-dd HH:mm:ss}Z";

    [LoggerMessage(1061, LogLevel.Information, "{Queue} is held by this agent")]
    private partial void LogHeld(string queue);

    [LoggerMessage(1062, LogLevel.Warning, "{Queue} is held by {Other}: this agent stands by")]
    private partial void LogOther(string queue, string other);

    [LoggerMessage(1063, LogLevel.Warning, "who holds {Queue} can't be asked, since the broker refuses a ping to it: {Refusal}")]
    private partial void LogRefused(string queue, string refusal);
}
