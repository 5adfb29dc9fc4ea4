namespace OpsAgent.Stomp.Broker;

/// <summary>
/// The queues and topics in use. One that holds nothing and has no subscriber is forgotten. Used under the broker's lock.
/// </summary>
internal sealed class DestinationTable(StompBrokerLimits limits, Capacity capacity, Func<long> now)
{
    private readonly Dictionary<string, MessageQueue> _queues = [];
    private readonly Dictionary<string, List<Consumer>> _topics = [];

    public IReadOnlyCollection<MessageQueue> Queues => _queues.Values;

    /// <summary>Takes a message that a client sent.</summary>
    /// <exception cref="FrameRefusedException">There is no room for it.</exception>
    public void Publish(BrokerMessage message)
    {
        CheckRoom(message);
        Accept(message);
    }

    /// <summary>Says if there is no room for a message that is held in as many places as it would have now, or in more.</summary>
    /// <exception cref="FrameRefusedException">There is none.</exception>
    public void CheckRoom(BrokerMessage message, int leastTimes = 0)
    {
        if (!HasRoomFor(message, leastTimes))
        {
            DropExpired();
            if (!HasRoomFor(message, leastTimes))
            {
                throw new FrameRefusedException(
                    $"{message.Destination} is full: the broker holds {capacity.Messages} messages of {capacity.Bytes} bytes in all, "
                    + $"and may hold {limits.MaxMessages} of {limits.MaxMessageBytes}");
            }
        }

        if (!DestinationName.IsTopic(message.Destination))
        {
            CheckRoomFor(message.Destination);
        }
    }

    /// <summary>Takes a message that there is room for, since it was held before.</summary>
    public void Accept(BrokerMessage message)
    {
        if (!DestinationName.IsTopic(message.Destination))
        {
            Queue(message.Destination).Add(message);
        }
        else if (_topics.TryGetValue(message.Destination, out var subscribers))
        {
            foreach (var subscriber in subscribers)
            {
                if (!subscriber.Session.IsExpelled)
                {
                    subscriber.Queue.Add(message);
                    subscriber.Session.CheckTopicBytes();
                }
            }
        }
    }

    /// <exception cref="FrameRefusedException">There are too many destinations.</exception>
    public Consumer Subscribe(SubscriptionRequest request, Session session)
    {
        CheckRoomFor(request.Destination);
        if (!DestinationName.IsTopic(request.Destination))
        {
            var queue = Queue(request.Destination);
            return new Consumer(request, queue, session);
        }

        if (!_topics.TryGetValue(request.Destination, out var subscribers))
        {
            _topics.Add(request.Destination, subscribers = []);
        }

        // What a topic's subscriber has not got yet is a queue of its own.
        var consumer = new Consumer(request, new MessageQueue(request.Destination, capacity, now), session);
        subscribers.Add(consumer);
        return consumer;
    }

    /// <summary>Ends subscriptions; their messages go back to the queues, and only then to other consumers.</summary>
    /// <param name="consumers">The subscriptions.</param>
    /// <param name="notWritten">Messages that need no ACK, were taken to be written to such a subscription, and could not be.</param>
    public void Unsubscribe(IReadOnlyCollection<Consumer> consumers, IReadOnlyCollection<Delivery> notWritten)
    {
        foreach (var consumer in consumers)
        {
            consumer.Queue.Remove(consumer);
        }

        foreach (var delivery in notWritten)
        {
            delivery.Consumer.Queue.PutBack(delivery.Entry);
        }

        foreach (var consumer in consumers.Union(notWritten.Select(d => d.Consumer)))
        {
            if (consumer.IsTopics)
            {
                consumer.Queue.DropAll();
                Forget(consumer);
            }
            else
            {
                consumer.Queue.HandOut();
                Forget(consumer.Queue);
            }
        }
    }

    /// <summary>
    /// Answers a delivery, and in the mode client all that came before it. What is refused waits in a dead-letter queue, as with ActiveMQ:
    /// <c>/queue/DLQ.NAME</c>. Refused there, or by a topic's subscriber, it is gone.
    /// </summary>
    public void Settle(Delivery delivery, bool accepted)
    {
        var consumer = delivery.Consumer;
        foreach (var each in consumer.UpTo(delivery))
        {
            consumer.Close(each);
            consumer.Queue.Drop(each.Entry);
            if (!accepted && !consumer.IsTopics && DestinationName.DeadLetterQueueOf(consumer.Queue.Destination) is { } letters)
            {
                Accept(each.Entry.Message.DeadLetter(letters));
            }
        }

        consumer.Queue.HandOut();
    }

    /// <summary>A message that needs no ACK was written.</summary>
    public void Written(Delivery delivery)
    {
        delivery.Consumer.Queue.Drop(delivery.Entry);
        Forget(delivery.Consumer.Queue);
    }

    /// <summary>Drops what has expired, so that it does not fill queues that nobody reads.</summary>
    public void DropExpired()
    {
        foreach (var queue in _queues.Values.Concat(_topics.Values.SelectMany(t => t.Select(c => c.Queue))).ToList())
        {
            queue.DropExpired();
            Forget(queue);
        }
    }

    private bool HasRoomFor(BrokerMessage message, int leastTimes)
    {
        var times = !DestinationName.IsTopic(message.Destination) ? 1 : _topics.TryGetValue(message.Destination, out var s) ? s.Count : 0;
        times = Math.Max(times, leastTimes);
        return times == 0 || capacity.HasRoomFor(message, times);
    }

    private void CheckRoomFor(string destination)
    {
        if (_queues.Count + _topics.Count >= limits.MaxDestinations && !_queues.ContainsKey(destination) && !_topics.ContainsKey(destination))
        {
            throw new FrameRefusedException($"there are {limits.MaxDestinations} queues and topics in use already");
        }
    }

    private MessageQueue Queue(string destination)
    {
        if (!_queues.TryGetValue(destination, out var queue))
        {
            _queues.Add(destination, queue = new MessageQueue(destination, capacity, now));
        }

        return queue;
    }

    private void Forget(MessageQueue queue)
    {
        if (queue.IsUnused)
        {
            _queues.Remove(queue.Destination);
        }
    }

    private void Forget(Consumer subscriber)
    {
        if (_topics.TryGetValue(subscriber.Request.Destination, out var subscribers) && subscribers.Remove(subscriber) && subscribers.Count == 0)
        {
            _topics.Remove(subscriber.Request.Destination);
        }
    }
}
