namespace OpsAgent.Agent.Dispatch;

/// <summary>Whether what is held must give way. Used under the window's lock.</summary>
internal sealed class Standstill(HoldingLimits limits, TimeProvider time)
{
    private long _progress = time.GetTimestamp();

    /// <summary>How long from now on nothing may be stored before the ledger stands still; zero: it does.</summary>
    public TimeSpan Left
    {
        get
        {
            var left = limits.StillAfter - time.GetElapsedTime(_progress);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Something was stored, or there is something to store for the first time.</summary>
    public void Progress() => _progress = time.GetTimestamp();

    /// <summary>More is held than a ledger that stands still allows.</summary>
    public bool IsOver(int count, long bytes) => count > limits.Count || bytes > limits.Bytes;

    public bool MustGive(int count, long bytes) =>
        IsOver(count, bytes) && (count > limits.MostCount || bytes > limits.MostBytes || Left == TimeSpan.Zero);
}
