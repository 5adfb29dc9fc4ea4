using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Holds;

namespace OpsAgent.Agent.Control;

/// <summary>Says in one line why a request is queued, runs, is in doubt or ended as it did, and names the evidence.</summary>
internal static class WorkExplanation
{
    /// <summary>A pure function of the row and what is around it.</summary>
    public static Explanation Of(WorkRow row, WorkSurroundings around)
    {
        var facts = FactsOf(row, around);
        return new(CauseOf(row, facts, around), [.. RequestEvidence.Of(facts, Around(row, around), around.Now)]);
    }

    private static string CauseOf(WorkRow row, RequestFacts facts, WorkSurroundings around) => row.State switch
    {
        "queued" => Queued(row, facts, around),
        "starting" => $"its doer is being started{Since(row.StartedAt, around.Now)}, attempt {row.Attempts}",
        "running" => $"running{Since(row.StartedAt, around.Now)}{(row.Pid is { } pid ? $", pid {pid}" : "")}, attempt {row.Attempts}",
        "doubt" => RequestCause.InDoubt(facts),
        "settled" => RequestCause.Settled(facts),
        _ => $"its state '{row.State}' is not known to this version",
    };

    private static string Queued(WorkRow row, RequestFacts facts, WorkSurroundings around)
    {
        if (RequestCause.TriedAgain(facts, around.Now) is { } again)
        {
            return again;
        }

        if (around.AgentState == "DRAINING")
        {
            return "queued: the agent is stopping; it starts when the agent is back";
        }

        if (RequestCause.Stopped(facts) is { } stopped)
        {
            return stopped;
        }

        if (around.Lane is not { } lane)
        {
            return $"queued in lane {row.Lane}";
        }

        if (lane.Running >= lane.Slots)
        {
            var ahead = around.Ahead is > 0 ? $" and {around.Ahead} queued before it" : "";
            return $"queued behind {lane.Running} running in lane {row.Lane}, which has {lane.Slots} slots{ahead}";
        }

        var place = around.Ahead is > 0 ? $"{around.Ahead} before it" : "next to start";
        return $"queued in lane {row.Lane}, {place}; {lane.Slots - lane.Running} of {lane.Slots} slots are free, "
            + (around is { Unheld: { } unheld, Held.Cause: HoldCause.Queue }
                ? $"but it is not known that this agent holds the queue ({unheld}), and until then what must not run twice is not started"
                : "so its type may be at its own limit");
    }

    private static IEnumerable<string> Around(WorkRow row, WorkSurroundings around)
    {
        if (row.State == "queued" && around.Lane is { } lane)
        {
            yield return $"lane {lane.Name}: {lane.Running} running of {lane.Slots} slots, {lane.Queued} queued";
        }

        if (row.State == "queued" && around.RunningOfType is { } running)
        {
            yield return $"{row.MsgType}: {running} running";
        }
    }

    private static RequestFacts FactsOf(WorkRow row, WorkSurroundings around) => new()
    {
        MsgType = row.MsgType.Value,
        ReceivedAt = row.ReceivedAt,
        SentAt = row.SentAt,
        RequestedBy = row.RequestedBy,
        DedupKey = row.DedupKey,
        StartedAt = row.StartedAt,
        Attempts = row.Attempts,
        NotBefore = row.NotBefore,
        HeldAt = row.HeldAt,
        Paused = around.Paused is { } paused ? new PauseFact(paused.By, paused.Since, paused.Reason) : null,
        Held = around.Held is { Cause: HoldCause.Credential } held ? new HoldFact(held.Reason, held.Since, held.MaxHold) : null,
        Program = row.Program,
        ProgramHash = row.ProgramHash,
        Outcome = row.Outcome,
        Reason = row.Reason,
        ExitCode = row.ExitCode,
        DurationMs = row.DurationMs,
        Survivors = row.Survivors,
        DuplicateOf = row.DuplicateOf,
        RetryOf = row.RetryOf,
        DoubtAt = row.DoubtAt,
        Looks = row.Looks,
        LookedAt = row.LookedAt,
        Looked = row.Looked,
        SettledAt = row.SettledAt,
    };

    private static string Since(DateTimeOffset? moment, DateTimeOffset now) =>
        moment is { } at ? $" since {SpokenTime.Of(at)} ({SpokenTime.Of(now - at)})" : "";
}
