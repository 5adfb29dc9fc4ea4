namespace OpsAgent.Stomp.Broker;

/// <summary>What all connections share. One lock guards all of it; nothing is read or written under it.</summary>
internal sealed class BrokerCore
{
    public BrokerCore(StompBrokerLimits limits, TimeProvider time)
    {
        (Limits, Time) = (limits, time);
        Capacity = new Capacity(limits);
        Destinations = new DestinationTable(limits, Capacity, () => Now);
    }

    public Lock Gate { get; } = new();

    public StompBrokerLimits Limits { get; }

    public TimeProvider Time { get; }

    public Capacity Capacity { get; }

    public DestinationTable Destinations { get; }

    /// <summary>Milliseconds since 1970.</summary>
    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();
}
