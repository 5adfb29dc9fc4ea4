using Microsoft.Extensions.Logging;
using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Connection;

/// <summary>Keeps a client connected: tries endpoints, subscribes, hands on messages, and begins again when a connection ends.</summary>
internal sealed class ConnectionLoop : IDisposable
{
    private readonly StompClientOptions _options;
    private readonly SubscriptionTable _subscriptions;
    private readonly DeliveryQueue _deliveries;
    private readonly Action<StompConnectionChange> _onChange;
    private readonly TimeProvider _time;
    private readonly ConnectionOpener _opener;
    private readonly ReconnectPlan _plan;
    private readonly OutageLog _log;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource _connected = NewWaiter();
    private StompConnection? _current;
    private long _number;
    private readonly LoopStep _step;
    private StompConnectionState _state;
    private bool _isLast;

    public ConnectionLoop(
        StompClientOptions options,
        SubscriptionTable subscriptions,
        DeliveryQueue deliveries,
        Action<StompConnectionChange> onChange,
        ILogger logger,
        TimeProvider time)
    {
        (_options, _subscriptions, _deliveries, _onChange, _time) = (options, subscriptions, deliveries, onChange, time);
        _opener = new ConnectionOpener(options, time);
        _plan = new ReconnectPlan(options.Endpoints, options.MaxReconnectDelay);
        _log = new OutageLog(logger, time);
        _step = new LoopStep(time);
    }

    /// <summary>False if it hangs in a step.</summary>
    public bool Turns => _step.InTime(waitsForConnection: Current.Connection is not null);

    public StompConnectionState State
    {
        get
        {
            lock (_gate)
            {
                // A connection that has a reason to end is no connection, though the loop may not have come round yet.
                return _state == StompConnectionState.Connected && _current is not { IsOpen: true } ? StompConnectionState.Disconnected : _state;
            }
        }
    }

    /// <summary>The connection there is now, and its number; null if there is none.</summary>
    public (StompConnection? Connection, long Number) Current
    {
        get
        {
            lock (_gate)
            {
                return _current is { IsOpen: true } ? (_current, _number) : (null, _number);
            }
        }
    }

    public Task WaitConnectedAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // Between the end of a connection and the loop's coming round to it nobody must take it for one.
            if (_connected.Task.IsCompletedSuccessfully && _current is not { IsOpen: true })
            {
                _connected = NewWaiter();
            }

            return _connected.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Runs <paramref name="change"/> on the subscriptions so that no connection comes up between it and its frame.</summary>
    public T ChangeSubscriptions<T>(Func<T> change, Action<StompConnection, T> tellBroker)
    {
        lock (_gate)
        {
            var result = change();
            if (_current is { IsOpen: true } connection)
            {
                try
                {
                    tellBroker(connection, result);
                }
                catch (StompNotConnectedException)
                {
                    // It ended meanwhile; the next connection is told.
                }
            }

            return result;
        }
    }

    /// <summary>There is no other connection after the present one, whoever ends it first: us, or the broker after a DISCONNECT.</summary>
    public void MakeLast() => Volatile.Write(ref _isLast, true);

    public void Stop() => _ = _stop.CancelAsync();

    public void Dispose() => _stop.Dispose();

    /// <summary>Runs until <see cref="Stop"/>, or until the last connection has ended.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (!IsEnding())
            {
                await RunOneAsync();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked for.
        }
        finally
        {
            Close();
        }
    }

    /// <summary>Says that there will be no connection any more; for a client that was never started.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _state = StompConnectionState.Closed;
            if (_connected.Task.IsCompleted)
            {
                _connected = NewWaiter();
            }

            _connected.TrySetException(new StompNotConnectedException("the client was disconnected"));
            _ = _connected.Task.Exception; // observed: nobody may be waiting
        }
    }

    private async Task RunOneAsync()
    {
        var (endpoint, pause) = _plan.Next();
        _step.Begin(pause + _options.ConnectTimeout);
        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, _time, _stop.Token);
        }

        SetState(StompConnectionState.Connecting);
        _onChange(new StompConnectionChange(StompChangeKind.Connecting, endpoint));
        StompConnection opened;
        try
        {
            opened = await _opener.OpenAsync(endpoint, _stop.Token);
        }
        catch (ConnectFailedException failure)
        {
            SetState(StompConnectionState.Disconnected);
            _log.ConnectFailed(endpoint, failure, _plan.Tried);
            _onChange(new StompConnectionChange(StompChangeKind.ConnectFailed, endpoint, Reason: failure.Message));
            return;
        }

        using (opened)
        {
            await UseAsync(opened, endpoint);
        }
    }

    private async Task UseAsync(StompConnection connection, StompEndpoint endpoint)
    {
        var began = _time.GetTimestamp();
        var number = Attach(connection);
        var version = connection.Version.Text();
        _log.Connected(endpoint, version, connection.Server, number);
        _onChange(new StompConnectionChange(StompChangeKind.Connected, endpoint, version, connection.Server));

        await using var stopping = _stop.Token.Register(() => connection.End("disconnected"));
        _step.BeginReading();
        var reason = await connection.RunAsync(frame => DeliverAsync(frame, number, connection.Ended));

        _step.Begin(TimeSpan.Zero);
        Detach();
        var good = _time.GetElapsedTime(began) >= ReconnectPlan.Good;
        if (good)
        {
            _plan.HadGoodConnection();
        }

        _log.Lost(endpoint, reason, afterGoodConnection: good, asked: IsEnding());
        _onChange(new StompConnectionChange(StompChangeKind.Disconnected, endpoint, version, connection.Server, reason));
    }

    private long Attach(StompConnection connection)
    {
        lock (_gate)
        {
            // Under the lock: a subscription made meanwhile is either in this list or finds the connection.
            _current = connection;
            _number++;
            _state = StompConnectionState.Connected;
            try
            {
                connection.Subscribe(_subscriptions.All());
            }
            catch (StompNotConnectedException)
            {
                // Lost already; reading from it says so.
            }

            _connected.TrySetResult();
            return _number;
        }
    }

    private void Detach()
    {
        lock (_gate)
        {
            _current = null;
            _state = StompConnectionState.Disconnected;
            if (_connected.Task.IsCompleted)
            {
                _connected = NewWaiter();
            }
        }
    }

    private async ValueTask DeliverAsync(StompFrame frame, long number, CancellationToken ended)
    {
        if (_subscriptions.Find(frame.Headers) is not { } subscription)
        {
            _log.NoSubscription(frame.Headers.Get(KnownHeaders.Subscription) ?? "", frame.Headers.Get(KnownHeaders.Destination) ?? "");
            return;
        }

        var message = new StompMessage(frame.Headers, frame.Body, number)
        {
            BodyTooLarge = frame.BodyTooLarge,
            HeadersDropped = frame.HeadersDropped,
            FrameBytes = frame.Bytes,
            Subscription = subscription,
        };
        await _deliveries.AddAsync(message, ended);
    }

    private bool IsEnding() => _stop.IsCancellationRequested || Volatile.Read(ref _isLast);

    private void SetState(StompConnectionState state)
    {
        lock (_gate)
        {
            _state = state;
        }
    }

    private static TaskCompletionSource NewWaiter() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
