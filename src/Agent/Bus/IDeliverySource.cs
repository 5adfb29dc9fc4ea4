namespace OpsAgent.Agent.Bus;

/// <summary>The receiving half of the bus.</summary>
internal interface IDeliverySource
{
    /// <summary>
    /// Connects and subscribes, and goes on doing so. Each delivery is handed over in the broker's order, one at a time, so
    /// the callee must not wait for disk, network or work.
    /// </summary>
    /// <param name="onDelivery">Takes each.</param>
    /// <param name="onConnectionLost">Called when a connection ends: its deliveries can't be acked any more and will come again.</param>
    void Start(Action<Delivery> onDelivery, Action onConnectionLost);

    /// <summary>False if the loop that keeps the connection hangs; a broker that is away is no such thing.</summary>
    bool LoopTurns { get; }

    /// <summary>
    /// Hands over a delivery of the agent's own, in turn with the broker's and connected or not. Its token is an <see
    /// cref="OwnPing"/>, and it is not acked. False once the source is stopped.
    /// </summary>
    bool TryInject(Delivery delivery);

    /// <summary>Queues an ack; it leaves with others in one write. An ack for a connection that is gone is dropped: the broker
    /// delivers again, and the ledger knows the delivery.</summary>
    void Ack(Delivery delivery);

    /// <summary>
    /// Puts an ack before whatever is sent next: for a request that is answered at once, so that an answer that the broker
    /// refuses with the end of the connection does not bring its request back again and again.
    /// </summary>
    void AckFirst(Delivery delivery);

    /// <summary>Writes the acks that are queued, says DISCONNECT and stops for good. What is not acked the broker takes back.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
