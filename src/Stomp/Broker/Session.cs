using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Broker;

/// <summary>A client that has connected: its subscriptions and transactions, and what each of its frames does.</summary>
internal sealed class Session(BrokerCore core, ConnectionOutput output, StompVersion version, string id, Action<string> expel)
{
    private readonly Dictionary<string, Consumer> _consumers = [];
    private readonly Dictionary<string, Transaction> _transactions = [];
    private long _deliveries;

    public string Id { get; } = id;

    public StompVersion Version { get; } = version;

    public ConnectionOutput Output { get; } = output;

    public long NextDelivery() => ++_deliveries;

    /// <summary>Does what a frame asks for. False: it was the client's last.</summary>
    /// <exception cref="FrameRefusedException">It can't be done.</exception>
    public bool Handle(StompFrame frame)
    {
        if (frame.BodyTooLarge)
        {
            throw new FrameRefusedException($"the body is larger than {core.Limits.MaxBodyBytes} bytes");
        }

        if (frame.Command == StompCommand.Send)
        {
            Send(frame);
        }
        else
        {
            lock (core.Gate)
            {
                Do(frame);
            }
        }

        if (frame.Headers.Get(KnownHeaders.Receipt) is { } receipt)
        {
            Output.Post((Version, receipt), static (o, s) => ServerFrames.Receipt(o, s.Version, s.receipt));
        }

        return frame.Command != StompCommand.Disconnect;
    }

    /// <summary>Gives everything back that the client has. Under the broker's lock.</summary>
    public void Leave()
    {
        foreach (var transaction in _transactions.Values)
        {
            transaction.Abort();
        }

        _transactions.Clear();
        core.Destinations.Unsubscribe([.. _consumers.Values]);
        _consumers.Clear();
    }

    /// <summary>Takes what waits, now that there is room. Under the broker's lock.</summary>
    public void HandOut()
    {
        foreach (var consumer in _consumers.Values)
        {
            consumer.Queue.HandOut();
        }
    }

    /// <summary>Ends a client that falls behind its topics. Under the broker's lock.</summary>
    public void CheckTopicBytes()
    {
        var bytes = 0L;
        foreach (var consumer in _consumers.Values)
        {
            bytes += DestinationName.IsTopic(consumer.Request.Destination) ? consumer.Queue.Bytes : 0;
        }

        if (bytes > core.Limits.MaxTopicBytes)
        {
            expel($"too slow: more than {core.Limits.MaxTopicBytes} bytes of topics wait for this connection");
        }
    }

    private void Do(StompFrame frame)
    {
        if (!frame.Body.IsEmpty && Version > StompVersion.V10)
        {
            throw new FrameRefusedException("only a SEND frame has a body");
        }

        switch (frame.Command)
        {
            case StompCommand.Subscribe:
                Subscribe(SubscriptionRequest.Read(frame, Version));
                break;
            case StompCommand.Unsubscribe:
                Unsubscribe(frame);
                break;
            case StompCommand.Ack:
                Answer(frame, accepted: true);
                break;
            case StompCommand.Nack when Version > StompVersion.V10:
                Answer(frame, accepted: false);
                break;
            case StompCommand.Begin:
                Begin(frame.Required(KnownHeaders.Transaction));
                break;
            case StompCommand.Commit:
                End(frame).Commit();
                break;
            case StompCommand.Abort:
                End(frame).Abort();
                break;
            case StompCommand.Disconnect:
                Leave();
                break;
            default:
                throw new FrameRefusedException(
                    $"a {frame.Command.ToString().ToUpperInvariant()} frame makes no sense here (STOMP {Version.Text()})");
        }
    }

    private void Send(StompFrame frame)
    {
        var message = BrokerMessage.FromSend(frame, DestinationName.Of(frame), core.Now);
        lock (core.Gate)
        {
            if (TransactionOf(frame) is { } transaction)
            {
                transaction.Send(message);
            }
            else
            {
                core.Destinations.Publish(message);
            }
        }
    }

    private void Subscribe(SubscriptionRequest request)
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

        var consumer = core.Destinations.Subscribe(request, this);
        _consumers.Add(key, consumer);
        consumer.Queue.Add(consumer);
    }

    private void Unsubscribe(StompFrame frame)
    {
        var named = frame.Headers.Get(KnownHeaders.Id);
        if (named is null && Version > StompVersion.V10)
        {
            _ = frame.Required(KnownHeaders.Id);
        }

        var key = Key(named, named is null ? frame.Required(KnownHeaders.Destination) : "");
        if (!_consumers.Remove(key, out var consumer))
        {
            throw new FrameRefusedException($"there is no subscription {Printable.Line(key.Trim())}");
        }

        core.Destinations.Unsubscribe([consumer]);
    }

    private void Answer(StompFrame frame, bool accepted)
    {
        var named = frame.Required(Version == StompVersion.V12 ? KnownHeaders.Id : KnownHeaders.MessageId);
        var subscription = Version == StompVersion.V11 ? frame.Required(KnownHeaders.Subscription) : null;
        var delivery = Find(named, subscription) ?? throw new FrameRefusedException(
            $"no message waits for this {(accepted ? "ACK" : "NACK")}: {Printable.Line(named)} (unknown, or answered before)");
        if (TransactionOf(frame) is { } transaction)
        {
            transaction.Answer(delivery, accepted);
        }
        else
        {
            core.Destinations.Settle(delivery, accepted);
        }
    }

    private Delivery? Find(string named, string? subscription)
    {
        foreach (var consumer in _consumers.Values)
        {
            if ((subscription is null || consumer.Request.Id == subscription) && consumer.TryFind(named, out var delivery))
            {
                return delivery;
            }
        }

        return null;
    }

    private void Begin(string name)
    {
        if (_transactions.Count >= core.Limits.MaxTransactions)
        {
            throw new FrameRefusedException($"a connection has at most {core.Limits.MaxTransactions} transactions");
        }

        if (!_transactions.TryAdd(name, new Transaction(core)))
        {
            throw new FrameRefusedException($"the transaction {Printable.Line(name)} has begun already");
        }
    }

    private Transaction End(StompFrame frame)
    {
        var name = frame.Required(KnownHeaders.Transaction);
        return _transactions.Remove(name, out var transaction) ? transaction : throw NoTransaction(name);
    }

    private Transaction? TransactionOf(StompFrame frame) =>
        frame.Headers.Get(KnownHeaders.Transaction) is not { } name ? null
        : _transactions.TryGetValue(name, out var transaction) ? transaction
        : throw NoTransaction(name);

    private static FrameRefusedException NoTransaction(string name) => new($"there is no transaction {Printable.Line(name)}");

    // A subscription without an id goes by its destination; no id of 1.0 begins with a line end.
    private static string Key(string? id, string destination) => id ?? "\n" + destination;
}
