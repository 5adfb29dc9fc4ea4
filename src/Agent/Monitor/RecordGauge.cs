using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Events;

namespace OpsAgent.Agent.Monitor;

/// <summary>What the outbox of action records holds, in memory, and what became of those that are gone.</summary>
internal sealed partial class RecordGauge(TimeProvider time, ILogger<RecordGauge> logger) : IDisposable
{
    private static readonly TimeSpan BetweenWords = TimeSpan.FromMinutes(1);

    private readonly Throttle _dropped = new(BetweenWords, time);
    private readonly Throttle _droppedHigh = new(BetweenWords, time);
    private long _withheld;

    /// <summary>Depth, age, and the signal that there is more; its Refused are those that the monitor does not take.</summary>
    public OutboxGauge Outbox { get; } = new(time);

    /// <summary>Records of refusals that were not made: one a minute for a reason is.</summary>
    public long Withheld => Interlocked.Read(ref _withheld);

    /// <summary>Called by the ledger after each commit that changed the outbox.</summary>
    public void Committed(long depth, long oldest, long dropped, long droppedHigh, bool added)
    {
        Outbox.Committed(depth, oldest, dropped + droppedHigh, added);
        if (_dropped.MayTell(dropped, out var count))
        {
            LogDropped(count, depth);
        }

        if (_droppedHigh.MayTell(droppedHigh, out count))
        {
            LogDroppedHigh(count, depth);
        }
    }

    public void CountWithheld() => Interlocked.Increment(ref _withheld);

    public void Dispose() => Outbox.Dispose();

    [LoggerMessage(5101, LogLevel.Warning,
        "{Count} action records of low and normal weight were dropped, the oldest first: {Depth} wait for the monitor already")]
    private partial void LogDropped(long count, long depth);

    [LoggerMessage(5102, LogLevel.Error,
        "{Count} action records of HIGH weight were dropped, the oldest first: {Depth} of them wait for the monitor already")]
    private partial void LogDroppedHigh(long count, long depth);
}
