using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Connection;

/// <summary>
/// The way out of a connection. A caller encodes its frame into the pending buffer; whoever finds nobody writing writes it at once,
/// and what other callers add meanwhile leaves together in the next write. Callers wait while too much is unsent.
/// </summary>
internal sealed class FrameSink(Stream stream, int maxUnsent, TimeProvider time, Action<string, Exception> onFailed)
{
    private const int LargestWrite = 64 * 1024;
    private const int WritesInOneGo = 16;

    private readonly Lock _gate = new();
    private SendBuffer _pending = new();
    private SendBuffer _writing = new();
    private TaskCompletionSource? _room;
    private string? _ended;
    private bool _flushing;
    private long _lastWrite = time.GetTimestamp();

    /// <summary>When something was last given to the socket.</summary>
    public long LastWrite => Volatile.Read(ref _lastWrite);

    /// <summary>When the socket last took something; now, when nothing waits for it.</summary>
    public long LastProgress => Volatile.Read(ref _flushing) ? LastWrite : time.GetTimestamp();

    /// <summary>Hands over one or more frames; completes when they stand in the buffer.</summary>
    /// <exception cref="StompNotConnectedException">The connection has ended.</exception>
    public ValueTask WriteAsync<TState>(TState state, Action<SendBuffer, TState> encode, CancellationToken cancellationToken) =>
        TryAppend(state, encode, maxUnsent, last: null) ? ValueTask.CompletedTask : WaitForRoomAsync(state, encode, cancellationToken);

    /// <summary>Hands over a frame of the client's own, which never has to wait.</summary>
    /// <param name="state">Given to <paramref name="encode"/>.</param>
    /// <param name="encode">Writes the frame.</param>
    /// <param name="last">When not null no frame may follow this one, for this reason.</param>
    public void Post<TState>(TState state, Action<SendBuffer, TState> encode, string? last = null) =>
        TryAppend(state, encode, int.MaxValue, last);

    /// <summary>A single line end, unless something is on its way already.</summary>
    public void PostHeartBeat()
    {
        lock (_gate)
        {
            if (_flushing || _ended is not null)
            {
                return;
            }

            _pending.GetSpan(1)[0] = (byte)'\n';
            _pending.Advance(1);
            BeginFlush();
        }

        _ = FlushAsync();
    }

    /// <summary>Takes nothing more; whoever waits for room is told so.</summary>
    public void End(string reason)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            _ended ??= reason;
            waiting = _room;
            _room = null;
        }

        waiting?.TrySetResult();
    }

    private async ValueTask WaitForRoomAsync<TState>(TState state, Action<SendBuffer, TState> encode, CancellationToken cancellationToken)
    {
        do
        {
            Task? room = null;
            lock (_gate)
            {
                if (_pending.Length >= maxUnsent && _ended is null)
                {
                    _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    room = _room.Task;
                }
            }

            if (room is not null)
            {
                await room.WaitAsync(cancellationToken);
            }
        }
        while (!TryAppend(state, encode, maxUnsent, last: null));
    }

    private bool TryAppend<TState>(TState state, Action<SendBuffer, TState> encode, int limit, string? last)
    {
        lock (_gate)
        {
            if (_ended is not null)
            {
                throw new StompNotConnectedException($"not connected: {_ended}");
            }

            if (_pending.Length >= limit)
            {
                return false;
            }

            Append(state, encode);
            _ended = last;
            if (_flushing)
            {
                return true;
            }

            BeginFlush();
        }

        // Not awaited: it never throws, and its writer need not wait for what others add behind it.
        _ = FlushAsync();
        return true;
    }

    private void BeginFlush()
    {
        // In this order: whoever sees a flush must not see the time of the one before it.
        Volatile.Write(ref _lastWrite, time.GetTimestamp());
        Volatile.Write(ref _flushing, true);
    }

    private void Append<TState>(TState state, Action<SendBuffer, TState> encode)
    {
        var before = _pending.Length;
        try
        {
            encode(_pending, state);
        }
        catch
        {
            _pending.Truncate(before);
            throw;
        }
    }

    private async Task FlushAsync()
    {
        try
        {
            for (var round = 1; TakePending(); round++)
            {
                for (var from = 0; from < _writing.Length; from += LargestWrite)
                {
                    var piece = _writing.Written.Slice(from, Math.Min(LargestWrite, _writing.Length - from));
                    await stream.WriteAsync(piece, CancellationToken.None);
                    Volatile.Write(ref _lastWrite, time.GetTimestamp());
                }

                _writing.Clear();
                if (round % WritesInOneGo == 0)
                {
                    // The caller that began this must not write for the others for ever.
                    await Task.Yield();
                }
            }
        }
        catch (Exception failure)
        {
            // Whatever the stream threw, the connection is over, and its owner says so to everybody.
            End(failure.Message);
            onFailed($"could not write: {Printable.Line(failure.Message)}", failure);
        }
    }

    private bool TakePending()
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            if (_pending.Length == 0)
            {
                _flushing = false;
                return false;
            }

            (_pending, _writing) = (_writing, _pending);
            room = _room;
            _room = null;
        }

        room?.TrySetResult();
        return true;
    }
}
