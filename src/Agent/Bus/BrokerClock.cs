namespace OpsAgent.Agent.Bus;

/// <summary>
/// How far the broker's clock is ahead of ours, as its newest messages show: a time of sending can't lie after the arrival. What we
/// give a time to live by our clock would be dead on arrival at a broker that is further on. Of several messages the most counts: a time
/// to live that is too long harms nobody.
/// </summary>
internal sealed class BrokerClock
{
    /// <summary>More is believed of nobody, since senders may write a timestamp of their own; enough for a host that lost its clock.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromDays(36_500);

    /// <summary>A message counts until at least so many, and at most twice as many, have come after it.</summary>
    public const int Newest = 32;

    private long _aheadMs;
    private long _mostBefore;
    private long _most;
    private int _count;

    /// <summary>Never negative: a message that waited long looks like a clock that is behind.</summary>
    public TimeSpan Ahead => TimeSpan.FromMilliseconds(Interlocked.Read(ref _aheadMs));

    /// <summary>Takes a message's times; for one caller at a time.</summary>
    public void Observe(DateTimeOffset? sentAt, DateTimeOffset receivedAt)
    {
        if (sentAt is { } sent)
        {
            var ahead = Math.Clamp((sent - receivedAt).TotalMilliseconds, 0, Most.TotalMilliseconds);
            _most = Math.Max(_most, (long)ahead);
            Interlocked.Exchange(ref _aheadMs, Math.Max(_most, _mostBefore));
            if (++_count % Newest == 0)
            {
                (_mostBefore, _most) = (_most, 0);
            }
        }
    }
}
