using OpsAgent.Abstractions;
using OpsAgent.OpsCtl.Door;

namespace OpsAgent.OpsCtl.Work;

/// <summary>Why a request is where it is while no agent runs: the agent's own words where the ledger has the facts.</summary>
internal static class OfflineExplanation
{
    public static WorkWhy Of(WorkItem item, LedgerSurroundings around, DateTimeOffset now)
    {
        var facts = FactsOf(item, around.HeldAt);
        return new(item.RequestId, item.MsgType, item.State, Cause(item.State, facts, around, now), [.. RequestEvidence.Of(facts, [], now)]);
    }

    private static string Cause(string state, RequestFacts facts, LedgerSurroundings around, DateTimeOffset now) => state switch
    {
        "queued" => RequestCause.TriedAgain(facts, now) ?? RequestCause.Stopped(facts, around.Paused, around.Held)
            ?? "queued: no agent runs; it starts when one does, unless it is too old by then",
        "starting" or "running" => "was running when the agent ended; the next start recovers it by its capability's policy",
        "doubt" => RequestCause.InDoubt(facts),
        "settled" => RequestCause.Settled(facts),
        _ => $"its state '{state}' is not known to this version",
    };

    private static RequestFacts FactsOf(WorkItem item, DateTimeOffset? heldAt) => new()
    {
        ReceivedAt = item.ReceivedAt,
        SentAt = item.SentAt,
        RequestedBy = item.RequestedBy,
        DedupKey = item.DedupKey,
        StartedAt = item.StartedAt,
        Attempts = item.Attempts,
        NotBefore = item.NotBefore,
        HeldAt = heldAt,
        Program = item.Program,
        ProgramHash = item.ProgramHash,
        Outcome = OutcomeNames.TryParse(item.Outcome, out var outcome) ? outcome : null,
        Reason = item.Reason,
        ExitCode = item.ExitCode,
        DurationMs = item.DurationMs,
        Survivors = item.Survivors,
        DuplicateOf = item.DuplicateOf,
        RetryOf = item.RetryOf,
        DoubtAt = item.DoubtAt,
        Looks = item.Looks ?? 0,
        LookedAt = item.LookedAt,
        Looked = item.Looked,
        SettledAt = item.SettledAt,
    };
}
