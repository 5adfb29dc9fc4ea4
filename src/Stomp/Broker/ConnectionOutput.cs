using System.Net.Sockets;
using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Broker;

/// <summary>
/// What is on its way to one client. Messages wait here by reference and are encoded when the socket takes them, several in one
/// write. Adding never waits; what must wait until there is room asks for it.
/// </summary>
internal sealed class ConnectionOutput(NetworkStream stream, BrokerCore core, Action<string> onFailed) : IThreadPoolWorkItem
{
    private const int LargestWrite = 64 * 1024;

    private readonly Queue<Outgoing> _waiting = new();
    private readonly List<Outgoing> _batch = [];
    private readonly SendBuffer _bytes = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _room;
    private Session? _session;
    private long _unsent;
    private bool _closed;
    private bool _failed;
    private bool _writing;
    private long _lastWrite = core.Time.GetTimestamp();

    /// <summary>The version agreed on.</summary>
    public StompVersion Version { get; private set; }

    /// <summary>Whether more may be added. Read under the broker's lock.</summary>
    public bool HasRoom => _unsent < core.Limits.MaxUnsentBytes && !_closed;

    /// <summary>When the socket last took something.</summary>
    public long LastWrite => Volatile.Read(ref _lastWrite);

    /// <summary>When the socket last took something; now, when nothing waits for it, or it would take more.</summary>
    public long LastProgress => Volatile.Read(ref _writing) && !WouldTakeMore ? LastWrite : core.Time.GetTimestamp();

    /// <summary>Completes when the last frame is written, or can't be.</summary>
    public Task Finished => _finished.Task;

    /// <summary>From here on the version's rules hold, and the session is told of room. Under the broker's lock.</summary>
    public void Agree(Session session)
    {
        Version = session.Version;
        _session = session;
    }

    /// <summary>Under the broker's lock.</summary>
    public void Add(Delivery delivery) => Add(new Outgoing(delivery, null, delivery.Entry.Message.Size));

    /// <summary>Messages that need no ACK and were taken for a write that failed. Under the broker's lock.</summary>
    public List<Delivery> TakeNotWritten()
    {
        List<Delivery> taken = _failed ? [.. _batch.Select(o => o.Delivery).OfType<Delivery>().Where(d => !d.NeedsAck)] : [];
        if (_failed)
        {
            _batch.Clear();
        }

        return taken;
    }

    public void Post<TState>(TState state, Action<SendBuffer, TState> encode)
    {
        var frame = new SendBuffer();
        encode(frame, state);
        lock (core.Gate)
        {
            Add(new Outgoing(null, frame.Written, frame.Length));
        }
    }

    /// <summary>A line end, unless something is on its way already.</summary>
    public void PostHeartBeat()
    {
        lock (core.Gate)
        {
            if (!_writing)
            {
                Add(new Outgoing(null, "\n"u8.ToArray(), 1));
            }
        }
    }

    /// <summary>Takes nothing more. <see cref="Finished"/> completes when what was added is written.</summary>
    public void Close()
    {
        lock (core.Gate)
        {
            _closed = true;
            _room?.TrySetResult();
            if (!_writing)
            {
                _finished.TrySetResult();
            }
        }
    }

    /// <summary>Completes when there is room again.</summary>
    public Task WaitForRoomAsync()
    {
        lock (core.Gate)
        {
            if (HasRoom || _closed)
            {
                return Task.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    // If it would, it is this process that is late: too busy, or stopped for a while.
    private bool WouldTakeMore
    {
        get
        {
            try
            {
                return stream.Socket.Poll(TimeSpan.Zero, SelectMode.SelectWrite);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The connection is ending already.
                return true;
            }
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = WriteAsync();

    private void Add(Outgoing outgoing)
    {
        if (_closed)
        {
            return;
        }

        _waiting.Enqueue(outgoing);
        _unsent += outgoing.Size;
        if (!_writing)
        {
            // In this order: whoever sees the writing must not see the time of the one before it. Another thread does it, since this
            // one holds the lock; what is added until it comes to it leaves in the same write.
            Volatile.Write(ref _lastWrite, core.Time.GetTimestamp());
            Volatile.Write(ref _writing, true);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            while (TakeBatch())
            {
                foreach (var (delivery, frame, _) in _batch)
                {
                    if (delivery is not null)
                    {
                        ServerFrames.Message(_bytes, Version, delivery);
                    }
                    else
                    {
                        System.Buffers.BuffersExtensions.Write(_bytes, frame!.Value.Span);
                    }
                }

                for (var from = 0; from < _bytes.Length; from += LargestWrite)
                {
                    await stream.WriteAsync(_bytes.Written.Slice(from, Math.Min(LargestWrite, _bytes.Length - from)), CancellationToken.None);
                    Volatile.Write(ref _lastWrite, core.Time.GetTimestamp());
                }

                _bytes.Clear();
            }
        }
        catch (Exception failure)
        {
            // Whatever the stream threw, this connection is over, and nothing else.
            Fail();
            onFailed($"could not write: {Printable.Line(failure.Message)}");
        }
    }

    private void Fail()
    {
        Close();
        lock (core.Gate)
        {
            _failed = true;
            _session?.Leave();
        }

        _finished.TrySetResult();
    }

    /// <summary>Settles what was written, and takes what is next.</summary>
    private bool TakeBatch()
    {
        lock (core.Gate)
        {
            foreach (var (delivery, _, size) in _batch)
            {
                _unsent -= size;
                if (delivery is { NeedsAck: false })
                {
                    core.Destinations.Written(delivery);
                }
            }

            _batch.Clear();
            for (var size = 0; size < LargestWrite && TryNext(out var next);)
            {
                Take(next, ref size);
            }

            if (HasRoom)
            {
                _room?.TrySetResult();
                _room = null;
            }

            if (_batch.Count > 0)
            {
                return true;
            }

            Volatile.Write(ref _writing, false);
            if (_closed)
            {
                _finished.TrySetResult();
            }

            return false;
        }
    }

    private bool TryNext(out Outgoing next)
    {
        if (_waiting.Count == 0)
        {
            // There may be more now that there is room.
            _session?.HandOut();
        }

        return _waiting.TryDequeue(out next);
    }

    private void Take(Outgoing next, ref int size)
    {
        // What its consumer was made to give back meanwhile is somebody else's now.
        if (next.Delivery is { Open: null })
        {
            _unsent -= next.Size;
            return;
        }

        if (next.Delivery is { } delivery)
        {
            delivery.Entry.Redelivered = true;
            if (!delivery.NeedsAck)
            {
                // Out of the consumer's hands: if it leaves while this is written, nobody else gets it, unless the write fails.
                delivery.Consumer.Close(delivery);
            }
        }

        _batch.Add(next);
        size += next.Size;
    }

    private readonly record struct Outgoing(Delivery? Delivery, ReadOnlyMemory<byte>? Frame, int Size);
}
