namespace OpsAgent.Doers.SubmitTask;

/// <summary>
/// The run's time and how it is shared out, so that the doer ends by itself before the agent ends it: at most a third for
/// what comes before prun, and a fifth is kept from prun for look-up and record.
/// </summary>
internal sealed class Budget(TimeSpan total, TimeProvider time)
{
    private static readonly TimeSpan Hurry = TimeSpan.FromSeconds(10);
    private readonly long _begun = time.GetTimestamp();

    /// <summary>What is left of the run.</summary>
    public TimeSpan Left => NotBelowZero(total - time.GetElapsedTime(_begun));

    /// <summary>For what comes before prun.</summary>
    public TimeSpan ForFetch => NotBelowZero((total / 3) - time.GetElapsedTime(_begun));

    /// <summary>For prun, if it starts now.</summary>
    public TimeSpan ForPrun => NotBelowZero(Left - (total / 5));

    /// <summary>For a look-up that starts now, at most <paramref name="most"/>: a tenth is kept for the record.</summary>
    public TimeSpan ForLookUp(TimeSpan most)
    {
        var left = NotBelowZero(Left - (total / 10));
        return left < most ? left : most;
    }

    /// <summary>Cancelled after <paramref name="span"/>, and ten seconds after <paramref name="stop"/>: who asked for a stop won't wait.</summary>
    public CancellationTokenSource Limit(TimeSpan span, CancellationToken stop)
    {
        var limit = new CancellationTokenSource(span, time);
        stop.Register(() =>
        {
            try
            {
                limit.CancelAfter(span < Hurry ? span : Hurry);
            }
            catch (ObjectDisposedException)
            {
                // What it limited is over.
            }
        });
        return limit;
    }

    private static TimeSpan NotBelowZero(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;
}
