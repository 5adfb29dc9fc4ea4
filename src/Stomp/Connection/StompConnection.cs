using System.IO.Pipelines;
using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Connection;

/// <summary>One connection that the broker granted, from CONNECTED to its end.</summary>
internal sealed class StompConnection : IDisposable
{
    private readonly Transport _transport;
    private readonly PipeReader _input;
    private readonly FrameDecoder _decoder;
    private readonly FrameSink _output;
    private readonly TimeProvider _time;
    private readonly ConnectionEnd _end = new();
    private readonly ReceiptTable _receipts = new();
    private readonly List<IdleTimer> _timers = [];
    private readonly TimeSpan _receiptTimeout;
    private long _lastRead;
    private volatile bool _reading = true;
    private volatile bool _leaving;

    internal StompConnection(Transport transport, Handshake handshake, StompClientOptions options, TimeProvider time)
    {
        (_transport, _input, _decoder, _time) = (transport, handshake.Input, handshake.Decoder, time);
        (Version, Server) = (handshake.Version, handshake.Server);
        _output = new FrameSink(transport.Stream, options.Limits.MaxUnsentBytes, time, (reason, _) => End(reason));
        _receiptTimeout = options.ReceiptTimeout;
        _lastRead = time.GetTimestamp();
        Watch(options, handshake.HeartBeat);
    }

    public StompVersion Version { get; }

    public string? Server { get; }

    /// <summary>True until the connection has a reason to end, or has said good-bye: whether frames can be sent.</summary>
    public bool IsOpen => !_end.HasEnded && !_leaving;

    /// <summary>Set once there is a reason to end; whoever works for this connection stops.</summary>
    public CancellationToken Ended => _end.Token;

    /// <summary>Reads frames until the connection ends, and returns why it ended.</summary>
    public async Task<string> RunAsync(Func<StompFrame, ValueTask> onMessage)
    {
        try
        {
            while (!_end.HasEnded)
            {
                var read = await _input.ReadAsync(_end.Token);
                Volatile.Write(ref _lastRead, _time.GetTimestamp());
                _reading = false;
                var input = read.Buffer;
                while (_decoder.TryRead(ref input, out var frame))
                {
                    await ReceiveAsync(frame!, onMessage);
                }

                _input.AdvanceTo(input.Start, input.End);
                if (read.IsCompleted)
                {
                    End("the broker closed the connection");
                }

                Volatile.Write(ref _lastRead, _time.GetTimestamp());
                _reading = true;
            }
        }
        catch (Exception failure)
        {
            // Whatever the stream or the peer's frames led to, it is the end of this connection and of nothing else.
            End(Printable.Line(failure.Message));
        }

        return _end.Reason;
    }

    /// <inheritdoc cref="StompClient.SendAsync"/>
    public ValueTask SendAsync(StompOutgoing message, string? receipt, CancellationToken cancellationToken) => _output.WriteAsync(
        (message, receipt, Version),
        static (output, s) => ClientFrames.Send(output, s.Version, s.message, s.receipt),
        cancellationToken);

    /// <inheritdoc cref="StompClient.SendConfirmedAsync"/>
    public async Task SendConfirmedAsync(StompOutgoing message, CancellationToken cancellationToken)
    {
        var (id, arrived) = _receipts.Ask();
        try
        {
            await SendAsync(message, id, cancellationToken);
            while (!await ComesAsync(arrived, cancellationToken))
            {
                // Only what this side has read can tell that none came.
                if (IsListening())
                {
                    End($"the broker confirmed nothing for {_receiptTimeout.TotalSeconds:0.###} s");
                }
            }
        }
        finally
        {
            _receipts.Forget(id);
        }
    }

    /// <summary>Writes the answers that can be given, in one go, and returns how many those were.</summary>
    public async ValueTask<int> AnswerAsync(StompCommand answer, IReadOnlyList<StompMessage> messages, CancellationToken cancellationToken)
    {
        var count = 0;
        await _output.WriteAsync(
            0,
            (output, _) =>
            {
                foreach (var message in messages)
                {
                    count += message.TakeAnswer() && ClientFrames.Answer(output, Version, answer, message) ? 1 : 0;
                }
            },
            cancellationToken);
        return count;
    }

    public void Subscribe(IReadOnlyList<StompSubscription> subscriptions) => _output.Post(
        (subscriptions, Version),
        static (output, s) =>
        {
            foreach (var subscription in s.subscriptions)
            {
                ClientFrames.Subscribe(output, s.Version, subscription);
            }
        });

    public void Unsubscribe(StompSubscription subscription) => _output.Post(
        (subscription, Version),
        static (output, s) => ClientFrames.Unsubscribe(output, s.Version, s.subscription));

    /// <summary>Says good-bye after all that was sent before, and waits for the broker's receipt. False: none came in time.</summary>
    public async Task<bool> SayGoodByeAsync(TimeSpan timeout)
    {
        _leaving = true;
        var (id, arrived) = _receipts.Ask();
        try
        {
            _output.Post((id, Version), static (output, s) => ClientFrames.Disconnect(output, s.Version, s.id), last: "disconnected");
            await arrived.WaitAsync(timeout, _time);
            return true;
        }
        catch (Exception e) when (e is StompException or TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Ends the connection at once. Everybody who waits for something of it is told the reason.</summary>
    public void End(string reason)
    {
        if (!_end.Set(reason))
        {
            return;
        }

        _output.End(reason);
        _receipts.Lost(reason);
        _end.Cancel();
        _transport.Socket.Dispose();
    }

    /// <summary>Gives back what it held; not before <see cref="RunAsync"/> has returned.</summary>
    public void Dispose()
    {
        End("disposed");
        foreach (var timer in _timers)
        {
            timer.Dispose();
        }

        _transport.Dispose();
        _input.Complete();
        _end.Dispose();
    }

    private async ValueTask ReceiveAsync(StompFrame frame, Func<StompFrame, ValueTask> onMessage)
    {
        switch (frame.Command)
        {
            case StompCommand.Message:
                await onMessage(frame);
                break;
            case StompCommand.Receipt when frame.Headers.Get(KnownHeaders.ReceiptId) is { } id:
                _receipts.Arrived(id);
                break;
            case StompCommand.Error:
                var error = BrokerError.Text(frame);
                var reason = $"the broker reported an error: {error}";
                if (frame.Headers.Get(KnownHeaders.ReceiptId) is { } refused)
                {
                    _receipts.Refused(refused, error);
                }
                else
                {
                    _receipts.Lost(reason, error);
                }

                End(reason);
                break;
            default:
                throw new StompProtocolException(StompProtocolError.UnexpectedFrame, $"the broker sent a {frame.Command} frame");
        }
    }

    private void Watch(StompClientOptions options, HeartBeat heartBeat)
    {
        if (heartBeat.Send > TimeSpan.Zero)
        {
            // Well before the promised time is over, since timers and networks are late.
            _timers.Add(new IdleTimer(_time, heartBeat.Send * 0.6, () => _output.LastWrite, _output.PostHeartBeat));
        }

        if (heartBeat.Receive > TimeSpan.Zero)
        {
            var limit = heartBeat.LongestSilence;
            _timers.Add(new IdleTimer(_time, limit, LastSignOfLife, () => End($"nothing came from the broker for {limit.TotalSeconds:0.###} s")));
        }

        _timers.Add(new IdleTimer(
            _time,
            options.WriteTimeout,
            () => _output.LastProgress,
            () => End($"the broker took nothing for {options.WriteTimeout.TotalSeconds:0.###} s")));
    }

    /// <summary>False if the receipt has not come in its time.</summary>
    private async Task<bool> ComesAsync(Task arrived, CancellationToken cancellationToken)
    {
        try
        {
            await arrived.WaitAsync(_receiptTimeout, _time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private long LastSignOfLife() => IsListening() ? Volatile.Read(ref _lastRead) : _time.GetTimestamp();

    private bool IsListening()
    {
        // Silence is the peer's only while this side listens: not while a slow handler holds up reading, and not while the process
        // was too busy, or stopped, to read what has come.
        try
        {
            return _reading && _transport.Socket.Available == 0;
        }
        catch (ObjectDisposedException)
        {
            // The connection is ending already.
            return false;
        }
    }
}
