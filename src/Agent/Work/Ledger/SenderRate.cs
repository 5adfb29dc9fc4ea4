using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>
/// What one sender has asked for lately, counted in the ledger itself: so it holds over a restart, a batch that is taken back takes its
/// counts back too, and no number of senders costs memory.
/// </summary>
internal static class SenderRate
{
    /// <summary>Why the sender gets no more of it now; null if it does, or if nothing limits it.</summary>
    public static string? Exceeded(LedgerSession session, NewWork work)
    {
        if (work is not { Sender: { } sender, Work.RateLimit: { } limit })
        {
            return null;
        }

        // Up to now only: what a clock that was ahead has dated must not hold anybody off until that date.
        var type = work.Message.MsgType.Value;
        var asked = (long)session.Scalar(
            """
            SELECT count(*) FROM (
                SELECT 1 FROM work WHERE msg_type = $1 AND sender = $2 AND received_at > $3 AND received_at <= $4 LIMIT $5)
            """,
            type, sender, work.ReceivedAt - (long)limit.Per.TotalMilliseconds, work.ReceivedAt, limit.Count)!;
        return asked < limit.Count
            ? null
            : $"rate limit: one sender may ask for {limit.Count} of {type} in {limit.Per.TotalSeconds:0} s";
    }
}
