using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

/// <summary>One request as the ledger has it, for people to look at.</summary>
internal sealed record WorkRow
{
    public required RequestId RequestId { get; init; }

    public required MsgType MsgType { get; init; }

    /// <summary>queued, starting, running, doubt or settled.</summary>
    public required string State { get; init; }

    public string Lane { get; init; } = "";

    public string? DedupKey { get; init; }

    public string? DeliveryId { get; init; }

    public string? RequestedBy { get; init; }

    /// <summary>Who sent it: <c>key ID</c>, <c>login NAME</c>; <c>label NAME</c> where nobody is proven and the type is limited; else null.</summary>
    public string? Sender { get; init; }

    /// <summary>The broker's timestamp, when it gave one.</summary>
    public DateTimeOffset? SentAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>Starts of a doer so far.</summary>
    public int Attempts { get; init; }

    /// <summary>Not started before this moment (a doer asked to be tried again); null: at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    public int? Pid { get; init; }

    public string? Program { get; init; }

    public string? ProgramHash { get; init; }

    /// <summary>How it ended; null until settled or in doubt.</summary>
    public Outcome? Outcome { get; init; }

    public string Reason { get; init; } = "";

    public int? ExitCode { get; init; }

    public long? DurationMs { get; init; }

    public int? Survivors { get; init; }

    public string? DuplicateOf { get; init; }

    /// <summary>The request that an operator had run again by this one.</summary>
    public string? RetryOf { get; init; }

    /// <summary>Since when it is, or was, in doubt.</summary>
    public DateTimeOffset? DoubtAt { get; init; }

    /// <summary>How often it was looked up in vain.</summary>
    public int Looks { get; init; }

    /// <summary>When it was last looked up in vain.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>What that look-up said.</summary>
    public string? Looked { get; init; }

    /// <summary>When it was last told that it waits for a credential.</summary>
    public DateTimeOffset? HeldAt { get; init; }

    /// <summary>The body as received, for show; null in lists and once it is no longer kept.</summary>
    public string? Body { get; init; }
}

/// <summary>All lanes together.</summary>
/// <param name="Queued">Accepted, not started.</param>
/// <param name="Running">Started, not settled.</param>
/// <param name="InDoubt">Neither running nor known to have ended well or badly.</param>
/// <param name="OldestQueuedAt">When the oldest queued one was received; null if none waits.</param>
internal readonly record struct WorkCounts(int Queued, int Running, int InDoubt, DateTimeOffset? OldestQueuedAt);

/// <summary>One lane.</summary>
internal readonly record struct LaneCounts(LaneName Name, int Slots, int Queued, int Running, DateTimeOffset? OldestQueuedAt);
