namespace OpsAgent.Abstractions;

/// <summary>
/// Work that a valid request asks for. It is a pure function of the message and the manifest in force, so it is made again
/// whenever it is needed and never stored: the ledger keeps the message.
/// </summary>
public sealed record WorkRequest
{
    /// <summary>At most one queued, running or doubtful request may hold it; null: no two requests are the same work.</summary>
    public DedupKey? DedupKey { get; init; }

    /// <summary>Where it runs.</summary>
    public required LaneName Lane { get; init; }

    /// <summary>How many of this type run at once, within the lane's slots.</summary>
    public int MaxParallel { get; init; } = int.MaxValue;

    /// <summary>How many of this type may wait on disk; one more is refused.</summary>
    public int MaxPending { get; init; } = 100_000;

    /// <summary>What one sender may bring in; more is refused. Null: as much as there is room for.</summary>
    public RateLimit? RateLimit { get; init; }

    /// <summary>From the broker's timestamp to the start of the doer; older is refused. Null: never too old.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>What a restart does with a run that it finds begun.</summary>
    public RecoveryPolicy Recovery { get; init; } = RecoveryPolicy.Rerun;

    /// <summary>What a drain does with a run that outlasts it.</summary>
    public DrainPolicy OnDrain { get; init; } = DrainPolicy.Requeue;

    /// <summary>How to find out what became of a run that nobody saw the end of, in this order; only for work of <see cref="RecoveryPolicy.Report"/>.</summary>
    public IReadOnlyList<LookUp> LookUps { get; init; } = [];

    /// <summary>Run when an operator says of this work, which is in doubt, that it certainly was not done: lets go what its doer holds. Null: nothing.</summary>
    public RunPlan? Release { get; init; }

    /// <summary>What is run.</summary>
    public required RunPlan Plan { get; init; }
}
