namespace OpsAgent.Tests.Support.Artemis;

/// <summary>Addresses and what is in them. Whoever uses it holds <see cref="Gate"/>.</summary>
internal sealed class ArtemisStore(ArtemisOptions options, TimeProvider time)
{
    private readonly Dictionary<string, ArtemisQueue> _queues = [];
    private readonly Dictionary<string, List<ArtemisQueue>> _topics = [];
    private long _order;
    private long _nextNumber = 2_147_483_600;

    public Lock Gate { get; } = new();

    public List<ArtemisMessage> Routed { get; } = [];

    public List<ArtemisMessage> DeadLetters { get; } = [];

    /// <summary>True: ACK and NACK frames get lost on their way.</summary>
    public bool LosesAcks { get; set; }

    /// <summary>Messages and consumers are numbered in one row.</summary>
    public long NextNumber() => _nextNumber++;

    /// <summary>A store that was built anew numbers as it did before.</summary>
    public void NumberFrom(long next) => _nextNumber = next;

    /// <summary>The queue of that name, or a subscriber's own queue on a topic.</summary>
    public ArtemisQueue Subscribe(string destination)
    {
        Check(destination);
        if (!IsTopic(destination))
        {
            return Queue(destination);
        }

        var own = new ArtemisQueue();
        Topic(destination).Add(own);
        return own;
    }

    public void Unsubscribe(ArtemisConsumer consumer)
    {
        consumer.Queue.Remove(consumer, options.MaxDeliveryAttempts, DeadLetters);
        foreach (var topic in _topics.Values)
        {
            topic.Remove(consumer.Queue);
        }
    }

    public ArtemisMessage Send(string destination, ReadOnlyMemory<byte> body, bool asBytes, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        Check(destination);
        var message = new ArtemisMessage
        {
            Number = NextNumber(),
            Timestamp = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Destination = destination,
            Body = body,
            AsBytes = asBytes,
            Headers = headers,
            Order = _order++,
        };
        Routed.Add(message);
        if (IsTopic(destination))
        {
            Topic(destination).ForEach(queue => queue.Add(message.Copy()));
        }
        else
        {
            Queue(destination).Add(message);
        }

        return message;
    }

    public ArtemisQueue Queue(string name) =>
        _queues.TryGetValue(name, out var queue) ? queue : _queues[name] = new ArtemisQueue();

    private static bool IsTopic(string destination) => destination.StartsWith("/topic/", StringComparison.Ordinal);

    private List<ArtemisQueue> Topic(string name) => _topics.TryGetValue(name, out var queues) ? queues : _topics[name] = [];

    private void Check(string destination)
    {
        if (!options.Exists(destination))
        {
            throw new ArtemisException($"AMQ339001: Destination does not exist: {destination}");
        }
    }
}
