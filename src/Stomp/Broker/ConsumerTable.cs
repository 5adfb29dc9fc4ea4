using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Broker;

/// <summary>The subscriptions of one connection. Used under the broker's lock.</summary>
internal sealed class ConsumerTable(BrokerCore core, Session session)
{
    private readonly Dictionary<string, Consumer> _consumers = [];

    public Dictionary<string, Consumer>.ValueCollection All => _consumers.Values;

    /// <summary>Bytes of topics' messages that the connection has not taken, or not acked.</summary>
    public long TopicBytes
    {
        get
        {
            var bytes = 0L;
            foreach (var consumer in _consumers.Values)
            {
                bytes += consumer.IsTopics ? consumer.Queue.Bytes : 0;
            }

            return bytes;
        }
    }

    /// <exception cref="FrameRefusedException">It can't be done.</exception>
    public void Subscribe(SubscriptionRequest request)
    {
        var key = Key(request.Id, request.Destination);
        if (_consumers.ContainsKey(key))
        {
            throw new FrameRefusedException($"there is a subscription {Printable.Line(request.Id ?? request.Destination)} already");
        }

        if (_consumers.Count >= core.Limits.MaxSubscriptions)
        {
            throw new FrameRefusedException($"a connection has at most {core.Limits.MaxSubscriptions} subscriptions");
        }

        var consumer = core.Destinations.Subscribe(request, session);
        _consumers.Add(key, consumer);
        consumer.Queue.Add(consumer);
    }

    /// <exception cref="FrameRefusedException">There is no such subscription.</exception>
    public void Unsubscribe(StompFrame frame)
    {
        var id = session.Version == StompVersion.V10 ? frame.Headers.Get(KnownHeaders.Id) : frame.Required(KnownHeaders.Id);
        var key = Key(id, id is null ? frame.Required(KnownHeaders.Destination) : "");
        if (!_consumers.Remove(key, out var consumer))
        {
            throw new FrameRefusedException($"there is no subscription {Printable.Line(key.TrimStart('\n'))}");
        }

        core.Destinations.Unsubscribe([consumer], notWritten: []);
    }

    public void UnsubscribeAll()
    {
        core.Destinations.Unsubscribe(_consumers.Values, session.Output.TakeNotWritten());
        _consumers.Clear();
    }

    /// <summary>The message that an ACK or NACK frame answers.</summary>
    /// <exception cref="FrameRefusedException">There is none.</exception>
    public Delivery Answered(StompFrame frame)
    {
        var named = frame.Required(session.Version == StompVersion.V12 ? KnownHeaders.Id : KnownHeaders.MessageId);
        var subscription = session.Version == StompVersion.V11 ? frame.Required(KnownHeaders.Subscription) : null;
        foreach (var consumer in _consumers.Values)
        {
            if ((subscription is null || consumer.Request.Id == subscription) && consumer.TryFind(named, out var delivery))
            {
                return delivery;
            }
        }

        throw new FrameRefusedException($"no message waits for an answer to {Printable.Line(named)}: unknown, or answered before");
    }

    // A subscription without an id goes by its destination; no id of 1.0 begins with a line end.
    private static string Key(string? id, string destination) => id ?? "\n" + destination;
}
