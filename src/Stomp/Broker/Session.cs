using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Broker;

/// <summary>A client that has connected, and what each of its frames does.</summary>
internal sealed class Session
{
    private readonly BrokerCore _core;
    private readonly Action<string> _expel;
    private readonly ConsumerTable _consumers;
    private readonly TransactionTable _transactions;
    private long _deliveries;

    public Session(BrokerCore core, ConnectionOutput output, StompVersion version, string id, Action<string> expel)
    {
        (_core, Output, Version, Id, _expel) = (core, output, version, id, expel);
        _consumers = new ConsumerTable(core, this);
        _transactions = new TransactionTable(core);
    }

    /// <summary>As CONNECTED said: no other connection, of this run or another, has it.</summary>
    public string Id { get; }

    public StompVersion Version { get; }

    public ConnectionOutput Output { get; }

    /// <summary>It is being ended: nothing more is published to it.</summary>
    public bool IsExpelled { get; private set; }

    public long NextDelivery() => ++_deliveries;

    /// <summary>Does what a frame asks for. False: it was the client's last.</summary>
    /// <exception cref="FrameRefusedException">It can't be done.</exception>
    public bool Handle(StompFrame frame)
    {
        if (frame.Command == StompCommand.Send)
        {
            Send(frame);
        }
        else
        {
            lock (_core.Gate)
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
        _transactions.AbortAll();
        _consumers.UnsubscribeAll();
    }

    /// <summary>Takes what waits, now that there is room. Under the broker's lock.</summary>
    public void HandOut()
    {
        foreach (var consumer in _consumers.All)
        {
            consumer.Queue.HandOut();
        }
    }

    /// <summary>Ends a client that falls behind its topics. Under the broker's lock.</summary>
    public void CheckTopicBytes()
    {
        if (IsExpelled || _consumers.TopicBytes <= _core.Limits.MaxTopicBytes)
        {
            return;
        }

        // Here and now, since what is published until its own thread comes to it would pile up.
        IsExpelled = true;
        foreach (var consumer in _consumers.All)
        {
            if (consumer.IsTopics)
            {
                consumer.Queue.DropAll();
            }
        }

        _expel($"too slow: more than {_core.Limits.MaxTopicBytes} bytes of topics waited for this connection");
    }

    private void Send(StompFrame frame)
    {
        var message = BrokerMessage.FromSend(frame, DestinationName.Of(frame), _core.Now);
        lock (_core.Gate)
        {
            if (_transactions.Of(frame) is { } transaction)
            {
                transaction.Send(message);
            }
            else
            {
                _core.Destinations.Publish(message);
            }
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
                _consumers.Subscribe(SubscriptionRequest.Read(frame, Version));
                break;
            case StompCommand.Unsubscribe:
                _consumers.Unsubscribe(frame);
                break;
            case StompCommand.Ack:
                Answer(frame, accepted: true);
                break;
            case StompCommand.Nack when Version > StompVersion.V10:
                Answer(frame, accepted: false);
                break;
            case StompCommand.Begin:
                _transactions.Begin(frame);
                break;
            case StompCommand.Commit:
                _transactions.End(frame).Commit();
                break;
            case StompCommand.Abort:
                _transactions.End(frame).Abort();
                break;
            case StompCommand.Disconnect:
                Leave();
                break;
            default:
                throw new FrameRefusedException($"{frame.Command.Text()} makes no sense here (STOMP {Version.Text()})");
        }
    }

    private void Answer(StompFrame frame, bool accepted)
    {
        var delivery = _consumers.Answered(frame);
        if (_transactions.Of(frame) is { } transaction)
        {
            transaction.Answer(delivery, accepted);
        }
        else
        {
            _core.Destinations.Settle(delivery, accepted);
        }
    }
}
