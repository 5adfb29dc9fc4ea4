namespace OpsAgent.Stomp.Broker;

/// <summary>
/// Messages in order, and the consumers that take turns for them: those of a queue, or the one of a topic's subscription. Used under
/// the broker's lock.
/// </summary>
internal sealed class MessageQueue(string destination, Capacity capacity, Func<long> now)
{
    private readonly List<Consumer> _consumers = [];

    // Messages are handed out from the front, so what comes back stands before everything that was never handed out.
    private readonly PriorityQueue<QueueEntry, long> _returned = new();
    private readonly Queue<QueueEntry> _fresh = new();
    private int _held;
    private long _position;
    private long _nextExpiry = long.MaxValue;
    private int _turn;

    public string Destination { get; } = destination;

    /// <summary>Messages that no consumer has.</summary>
    public int Waiting => _returned.Count + _fresh.Count;

    /// <summary>Bytes of all its messages, those in the hands of consumers too.</summary>
    public long Bytes { get; private set; }

    /// <summary>Messages that a consumer has, or that are being written to one.</summary>
    public int HandedOut => _held - Waiting;

    public IReadOnlyList<Consumer> Consumers => _consumers;

    public bool IsUnused => _consumers.Count == 0 && _held == 0;

    public void Add(BrokerMessage message)
    {
        capacity.Hold(message);
        _held++;
        Bytes += message.Size;
        _fresh.Enqueue(new QueueEntry(message, ++_position));
        _nextExpiry = Math.Min(_nextExpiry, message.Expires);
        HandOut();
    }

    public void Add(Consumer consumer)
    {
        _consumers.Add(consumer);
        HandOut();
    }

    /// <summary>Takes a consumer and what it has open back. What comes back is handed out by the next <see cref="HandOut"/>.</summary>
    public void Remove(Consumer consumer)
    {
        var index = _consumers.IndexOf(consumer);
        _consumers.RemoveAt(index);
        _turn -= index < _turn ? 1 : 0;
        foreach (var entry in consumer.TakeBack())
        {
            PutBack(entry);
        }
    }

    /// <summary>A message that was handed out takes its old place. It is handed out by the next <see cref="HandOut"/>.</summary>
    public void PutBack(QueueEntry entry)
    {
        _returned.Enqueue(entry, entry.Position);
        _nextExpiry = Math.Min(_nextExpiry, entry.Message.Expires);
    }

    /// <summary>Gives consumers that have room what waits, each in its turn.</summary>
    public void HandOut()
    {
        while (First() is { } entry && NextWithRoom() is { } consumer)
        {
            _ = _returned.Count > 0 ? _returned.Dequeue() : _fresh.Dequeue();
            consumer.Hand(entry);
        }
    }

    /// <summary>A message is done with.</summary>
    public void Drop(QueueEntry entry)
    {
        _held--;
        Bytes -= entry.Message.Size;
        capacity.Release(entry.Message);
    }

    public void DropAll()
    {
        while (Waiting > 0)
        {
            Drop(_returned.Count > 0 ? _returned.Dequeue() : _fresh.Dequeue());
        }
    }

    /// <summary>Drops what has expired, wherever it stands.</summary>
    public void DropExpired()
    {
        if (_nextExpiry > now())
        {
            return;
        }

        var returned = _returned.UnorderedItems.Select(i => i.Element).ToList();
        _returned.Clear();
        _nextExpiry = long.MaxValue;
        foreach (var entry in returned.Where(StaysInTime))
        {
            _returned.Enqueue(entry, entry.Position);
        }

        for (var left = _fresh.Count; left > 0; left--)
        {
            var entry = _fresh.Dequeue();
            if (StaysInTime(entry))
            {
                _fresh.Enqueue(entry);
            }
        }
    }

    private bool StaysInTime(QueueEntry entry)
    {
        if (entry.Message.Expires <= now())
        {
            Drop(entry);
            return false;
        }

        _nextExpiry = Math.Min(_nextExpiry, entry.Message.Expires);
        return true;
    }

    private QueueEntry? First()
    {
        while (Waiting > 0)
        {
            var entry = _returned.Count > 0 ? _returned.Peek() : _fresh.Peek();
            if (entry.Message.Expires == long.MaxValue || entry.Message.Expires > now())
            {
                return entry;
            }

            _ = _returned.Count > 0 ? _returned.Dequeue() : _fresh.Dequeue();
            Drop(entry);
        }

        return null;
    }

    private Consumer? NextWithRoom()
    {
        for (var i = 0; i < _consumers.Count; i++)
        {
            _turn = _turn < _consumers.Count ? _turn : 0;
            var consumer = _consumers[_turn++];
            if (consumer.HasRoom)
            {
                return consumer;
            }
        }

        return null;
    }
}
