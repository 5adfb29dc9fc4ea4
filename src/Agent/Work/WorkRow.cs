using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

/// <summary>One request as the ledger has it, for people to look at.</summary>
internal sealed record WorkRow : RequestFacts
{
    public required RequestId RequestId { get; init; }

    public required MsgType MsgType { get; init; }

    /// <summary>queued, starting, running, doubt or settled.</summary>
    public required string State { get; init; }

    public string Lane { get; init; } = "";

    public string? DeliveryId { get; init; }

    /// <summary>Who sent it: <c>key ID</c>, <c>login NAME</c>; <c>label NAME</c> where nobody is proven and the type is limited; else null.</summary>
    public string? Sender { get; init; }

    public int? Pid { get; init; }

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
