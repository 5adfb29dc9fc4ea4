namespace OpsAgent.Agent.Bus;

/// <summary>The receiving half of the bus.</summary>
internal interface IDeliverySource
{
    /// <summary>
    /// Connects and subscribes, and goes on doing so. Each delivery is handed over in the broker's order, one at a time, so
    /// the callee must not wait for disk, network or work.
    /// </summary>
    void Start(Action<Delivery> onDelivery);

    /// <summary>Queues an ack; it leaves with others in one write. An ack for a connection that is gone is dropped: the broker
    /// delivers again, and the ledger knows the delivery.</summary>
    void Ack(Delivery delivery);

    /// <summary>Writes the acks that are queued, says DISCONNECT and stops for good. What is not acked the broker takes back.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
