namespace OpsAgent.Stomp.Broker;

/// <summary>How much is held in all. Used under the broker's lock.</summary>
internal sealed class Capacity(StompBrokerLimits limits)
{
    public int Messages { get; private set; }

    public long Bytes { get; private set; }

    public bool HasRoomFor(BrokerMessage message, int times = 1) =>
        Messages + (long)times <= limits.MaxMessages && Bytes + message.Size <= limits.MaxMessageBytes;

    public void Hold(BrokerMessage message)
    {
        Messages++;
        if (message.Holders++ == 0)
        {
            Bytes += message.Size;
        }
    }

    public void Release(BrokerMessage message)
    {
        Messages--;
        if (--message.Holders == 0)
        {
            Bytes -= message.Size;
        }
    }
}
