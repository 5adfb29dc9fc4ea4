namespace OpsAgent.Agent.Bus;

/// <summary>
/// How far the broker's clock is ahead of ours, as its newest message shows: its time of sending can't lie after its arrival. What we
/// give a time to live by our clock would be dead on arrival at a broker that is further on.
/// </summary>
internal sealed class BrokerClock
{
    /// <summary>More is believed of nobody, since senders may write a timestamp of their own; enough for a host that lost its clock.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromDays(36_500);

    private long _aheadMs;

    /// <summary>Never negative: a message that waited long looks like a clock that is behind.</summary>
    public TimeSpan Ahead => TimeSpan.FromMilliseconds(Interlocked.Read(ref _aheadMs));

    public void Observe(DateTimeOffset? sentAt, DateTimeOffset receivedAt)
    {
        if (sentAt is { } sent)
        {
            var ahead = Math.Clamp((sent - receivedAt).TotalMilliseconds, 0, Most.TotalMilliseconds);
            Interlocked.Exchange(ref _aheadMs, (long)ahead);
        }
    }
}
