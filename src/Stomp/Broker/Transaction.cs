namespace OpsAgent.Stomp.Broker;

/// <summary>What a client wants to be done together. Used under the broker's lock.</summary>
internal sealed class Transaction(BrokerCore core)
{
    private readonly List<Step> _steps = [];

    /// <exception cref="FrameRefusedException">There is no room for it.</exception>
    public void Send(BrokerMessage message)
    {
        CheckRoom();
        core.Destinations.CheckRoom(message, leastTimes: 1);

        // Held from here on, so that COMMIT can't fail for want of room.
        core.Capacity.Hold(message);
        _steps.Add(new Step(message, null, Accepted: true));
    }

    /// <exception cref="FrameRefusedException">There is no room for it.</exception>
    public void Answer(Delivery delivery, bool accepted)
    {
        CheckRoom();
        delivery.AnsweredInTransaction = true;
        _steps.Add(new Step(null, delivery, accepted));
    }

    /// <summary>Does all of it, or nothing.</summary>
    /// <exception cref="FrameRefusedException">A message that it answers was taken back meanwhile.</exception>
    public void Commit()
    {
        if (_steps.Exists(s => s.Delivery is { Open: null }))
        {
            Abort();
            throw new FrameRefusedException("the transaction answers a message that the client no longer has");
        }

        foreach (var (message, delivery, accepted) in _steps)
        {
            if (message is not null)
            {
                core.Destinations.Accept(message);
                core.Capacity.Release(message);
            }
            else if (delivery is { Open: not null })
            {
                core.Destinations.Settle(delivery, accepted);
            }
        }
    }

    public void Abort()
    {
        foreach (var (message, delivery, _) in _steps)
        {
            if (message is not null)
            {
                core.Capacity.Release(message);
            }
            else
            {
                delivery!.AnsweredInTransaction = false;
            }
        }
    }

    private void CheckRoom()
    {
        if (_steps.Count >= core.Limits.MaxTransactionFrames)
        {
            throw new FrameRefusedException($"a transaction has at most {core.Limits.MaxTransactionFrames} frames");
        }
    }

    private sealed record Step(BrokerMessage? Message, Delivery? Delivery, bool Accepted);
}
