using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Stomp.Connection;
using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp;

/// <summary>
/// A STOMP client that stays connected: it reconnects and subscribes again by itself until it is disconnected or disposed. All
/// members may be called from any thread.
/// </summary>
public sealed partial class StompClient : IAsyncDisposable
{
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly SubscriptionTable _subscriptions = new();
    private readonly DeliveryQueue _deliveries;
    private readonly ConnectionLoop _loop;
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private Task _delivering = Task.CompletedTask;
    private string? _lastFailure;
    private bool _started;
    private bool _closed;
    private bool _dropped;
    private bool _disposed;

    /// <summary>Makes a client; it connects when it is started.</summary>
    /// <exception cref="ArgumentException">The options can't work; all that is wrong is said, and certificate files are read.</exception>
    public StompClient(StompClientOptions options, ILogger? logger = null, TimeProvider? time = null)
    {
        OptionsCheck.Check(options);
        _logger = logger ?? NullLogger.Instance;
        _time = time ?? TimeProvider.System;
        _deliveries = new DeliveryQueue(options.Limits, IsWanted, (m, failure) => LogHandlerFailed(failure, Printable.Line(m.MessageId)));
        _loop = new ConnectionLoop(options, _subscriptions, _deliveries, Raise, _logger, _time);
    }

    /// <summary>
    /// Raised in order, one at a time, from the connection's own loop: a handler that blocks holds up connecting. What it throws
    /// is logged.
    /// </summary>
#pragma warning disable CA1003 // the change is a record, to be kept and compared; EventArgs would add nothing to it
    public event EventHandler<StompConnectionChange>? Changed;
#pragma warning restore CA1003

    /// <summary>What the client is doing now.</summary>
    public StompConnectionState State => _loop.State;

    /// <summary>
    /// False if the loop that connects hangs: a step of it takes longer than its own limit allows. A broker that is away is no such
    /// thing, nor is a connection on which nothing comes.
    /// </summary>
    public bool LoopTurns => _loop.Turns;

    /// <summary>
    /// Runs something between two messages, behind those that wait now, connected or not: it shows that handlers take their turns.
    /// False if the client has ended.
    /// </summary>
    /// <param name="action">Must not block; what it throws is logged.</param>
    public bool TryRunInTurn(Action action) => _deliveries.AddAction(() =>
    {
        try
        {
            action();
        }
        catch (Exception failure)
        {
            // The messages behind it are not to suffer.
            LogHandlerFailed(failure, "");
        }
    });

    /// <summary>Begins to connect, and goes on for as long as it takes.</summary>
    /// <exception cref="InvalidOperationException">It was started or ended before.</exception>
    public void Start()
    {
        lock (_gate)
        {
            if (_started || _closed)
            {
                throw new InvalidOperationException("a client is started once, and not after its end");
            }

            _started = true;
            _delivering = Task.Run(_deliveries.RunAsync);
            _running = Task.Run(_loop.RunAsync);
        }
    }

    /// <summary>Completes as soon as there is a connection; at once when there is one.</summary>
    /// <exception cref="StompNotConnectedException">The client has been ended.</exception>
    public Task WaitConnectedAsync(CancellationToken cancellationToken = default) => _loop.WaitConnectedAsync(cancellationToken);

    /// <summary>The same for a limited time. When it is over the client goes on trying.</summary>
    /// <exception cref="StompNotConnectedException">
    /// There was no connection in time, and the message says why the last try failed; or the client has been ended.
    /// </exception>
    public async Task WaitConnectedAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        try
        {
            await _loop.WaitConnectedAsync(cancellationToken).WaitAsync(timeout, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            var why = State == StompConnectionState.NotStarted ? "the client was not started" : Volatile.Read(ref _lastFailure) ?? "no try has ended yet";
            throw new StompNotConnectedException($"there was no connection within {timeout.TotalSeconds:0.###} s: {why}");
        }
    }

    /// <summary>Subscribes now, if there is a connection, and again on every later one.</summary>
    /// <param name="options">What to subscribe to.</param>
    /// <param name="onMessage">
    /// Awaited for one message of this client at a time; while it lasts, further ones wait, and in the end with the broker. What it throws
    /// is logged and the next message is handed on. It may wait for receipts, but no longer than there is room for waiting messages.
    /// </param>
    /// <exception cref="ArgumentException">The options can't be written into a frame, or do not go together.</exception>
    public StompSubscription Subscribe(StompSubscribeOptions options, Func<StompMessage, ValueTask> onMessage)
    {
        if (options is { GoesFirst: not null, AckMode: StompAckMode.Client })
        {
            throw new ArgumentException("an ack in Client mode answers all earlier messages: none may go first", nameof(options));
        }

        // A frame that can't be written must be the caller's error here, not the connection's at each reconnect.
        var probe = new StompSubscription("0", options, onMessage, _ => ValueTask.CompletedTask);
        ClientFrames.Subscribe(new SendBuffer(), StompVersion.V10, probe);
        return _loop.ChangeSubscriptions(
            () => _subscriptions.Add(options, onMessage, UnsubscribeAsync),
            static (connection, subscription) => connection.Subscribe([subscription]));
    }

    /// <summary>Hands a message to the connection; completes when it stands in the buffer, and waits only while that is full.</summary>
    /// <exception cref="StompNotConnectedException">There is no connection; the message was not sent.</exception>
    /// <exception cref="ArgumentException">The message can't be written: a NUL in the body without content-length, a reserved header.</exception>
    public ValueTask SendAsync(StompOutgoing message, CancellationToken cancellationToken = default) =>
        Connection().SendAsync(message, receipt: null, cancellationToken);

    /// <summary>Sends and completes when the broker's receipt has come. Many may be in flight.</summary>
    /// <exception cref="StompNotConnectedException">There is no connection; the message was not sent.</exception>
    /// <exception cref="StompConnectionLostException">The connection ended first: the message may or may not have arrived.</exception>
    public async Task SendConfirmedAsync(StompOutgoing message, CancellationToken cancellationToken = default) =>
        await Connection().SendConfirmedAsync(message, cancellationToken);

    /// <summary>Acks a message. False: the connection it came by is gone, or it was answered before, or needs no ack.</summary>
    public async ValueTask<bool> AckAsync(StompMessage message, CancellationToken cancellationToken = default) =>
        await AnswerAsync(StompCommand.Ack, [message], cancellationToken) == 1;

    /// <summary>Acks messages in one write and returns how many were; those that <see cref="AckAsync(StompMessage, CancellationToken)"/>
    /// answers with false do not count.</summary>
    public ValueTask<int> AckAsync(IReadOnlyList<StompMessage> messages, CancellationToken cancellationToken = default) =>
        AnswerAsync(StompCommand.Ack, messages, cancellationToken);

    /// <summary>
    /// Refuses a message. What follows is the broker's choice: ActiveMQ Classic puts it into the dead-letter queue, RabbitMQ delivers it
    /// again, Artemis drops it. False as for an ack, and with STOMP 1.0, which has no NACK.
    /// </summary>
    public async ValueTask<bool> NackAsync(StompMessage message, CancellationToken cancellationToken = default) =>
        await AnswerAsync(StompCommand.Nack, [message], cancellationToken) == 1;

    /// <summary>
    /// Ends the client in order: what was sent is written, DISCONNECT goes last, and its receipt is waited for. There is no connection
    /// after this, whether or not the broker answered in time.
    /// </summary>
    public async Task DisconnectAsync(TimeSpan timeout)
    {
        var began = _time.GetTimestamp();
        _loop.MakeLast();
        if (Close() && _loop.Current.Connection is { } connection && !await connection.SayGoodByeAsync(timeout))
        {
            LogNoGoodBye();
        }

        await StopAsync();
        var left = timeout - _time.GetElapsedTime(began);
        try
        {
            await _delivering.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time);
        }
        catch (TimeoutException)
        {
            LogHandlerStillRuns();
        }
    }

    /// <summary>Ends the client at once; what has not been written yet is lost. A handler that runs now is not waited for.</summary>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _dropped, true);
        Close();
        await StopAsync();
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            _loop.Dispose();
        }
    }

    private async Task StopAsync()
    {
        if (!Volatile.Read(ref _disposed))
        {
            _loop.Stop();
        }

        await _running;
        _loop.Close();
        _deliveries.Complete();
    }

    private bool Close()
    {
        lock (_gate)
        {
            var first = !_closed;
            _closed = true;
            return first;
        }
    }

    private StompConnection Connection() =>
        _loop.Current.Connection ?? throw new StompNotConnectedException("there is no connection to a broker now");

    private ValueTask UnsubscribeAsync(StompSubscription subscription)
    {
        _loop.ChangeSubscriptions(
            () => (subscription, Removed: _subscriptions.Remove(subscription)),
            static (connection, change) =>
            {
                if (change.Removed)
                {
                    connection.Unsubscribe(change.subscription);
                }
            });
        return ValueTask.CompletedTask;
    }

    private async ValueTask<int> AnswerAsync(StompCommand answer, IReadOnlyList<StompMessage> messages, CancellationToken cancellationToken)
    {
        var (connection, number) = _loop.Current;
        var open = messages.Where(m => m.Connection == number && m.Subscription?.Options.AckMode != StompAckMode.Auto).ToList();
        if (connection is null || open.Count == 0)
        {
            return 0;
        }

        try
        {
            return await connection.AnswerAsync(answer, open, cancellationToken);
        }
        catch (StompNotConnectedException)
        {
            // It ended meanwhile: the broker gives the messages out again.
            return 0;
        }
    }

    /// <summary>What was only lent by a connection that is gone will come again; what the broker took for done is handed on.</summary>
    private bool IsWanted(StompMessage message) => !Volatile.Read(ref _dropped) && (message.Subscription!.Options.AckMode == StompAckMode.Auto
        || _loop.Current is { Connection: not null } current && current.Number == message.Connection);

    private void Raise(StompConnectionChange change)
    {
        if (change.Reason is { } reason)
        {
            Volatile.Write(ref _lastFailure, $"{change.Endpoint}: {reason}");
        }

        try
        {
            Changed?.Invoke(this, change);
        }
        catch (Exception failure)
        {
            // A listener's failure must not end the connection loop.
            LogListenerFailed(failure, change.Kind);
        }
    }
}
