namespace OpsAgent.Tests.Support.Artemis;

/// <summary>Messages that wait for a consumer, in the order of their coming. Used under the store's lock.</summary>
internal sealed class ArtemisQueue
{
    private readonly SortedDictionary<long, ArtemisMessage> _pending = [];
    private readonly List<ArtemisConsumer> _consumers = [];
    private int _turn;

    public IReadOnlyList<ArtemisMessage> Pending => [.. _pending.Values];

    public IReadOnlyList<ArtemisConsumer> Consumers => _consumers;

    public List<ArtemisMessage> Acked { get; } = [];

    public List<ArtemisDelivery> Deliveries { get; } = [];

    public void Add(ArtemisMessage message)
    {
        _pending.Add(message.Order, message);
        Deliver();
    }

    /// <summary>Takes a consumer in; it gets nothing before <see cref="Deliver"/>.</summary>
    public void Add(ArtemisConsumer consumer) => _consumers.Add(consumer);

    /// <summary>Lets a consumer go, and takes back what it had not acked.</summary>
    public void Remove(ArtemisConsumer consumer, int maxAttempts, List<ArtemisMessage> deadLetters)
    {
        _consumers.Remove(consumer);
        foreach (var message in consumer.Unacked.Select(d => d.Message))
        {
            // Artemis counts the attempt of the first of them and takes the others' back. Here each counts: the harsher rule.
            if (message.Attempts >= maxAttempts)
            {
                deadLetters.Add(message);
            }
            else
            {
                _pending.Add(message.Order, message);
            }
        }

        Deliver();
    }

    /// <summary>Hands out as much as the consumers' windows let through.</summary>
    public void Deliver()
    {
        while (_pending.Count > 0 && NextConsumer() is { } consumer)
        {
            var message = _pending.First().Value;
            _pending.Remove(message.Order);
            message.Attempts++;
            Deliveries.Add(consumer.Deliver(message));
            if (consumer.AcksByItself)
            {
                Acked.Add(message);
            }
        }
    }

    private ArtemisConsumer? NextConsumer()
    {
        for (var i = 0; i < _consumers.Count; i++)
        {
            var consumer = _consumers[(_turn + i) % _consumers.Count];
            if (consumer.HasCredit)
            {
                _turn = (_turn + i + 1) % _consumers.Count;
                return consumer;
            }
        }

        return null;
    }
}
