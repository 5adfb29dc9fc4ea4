using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Holds;

namespace OpsAgent.Agent.Control;

/// <summary>Says in one line why a request is queued, runs, is in doubt or ended as it did, and names the evidence.</summary>
internal static class WorkExplanation
{
    /// <summary>A pure function of the row and what is around it.</summary>
    public static Explanation Of(WorkRow row, WorkSurroundings around) =>
        new(CauseOf(row, around), [.. RequestEvidence.Of(row, Around(row, around), around.Now)]);

    private static string CauseOf(WorkRow row, WorkSurroundings around) => row.State switch
    {
        "queued" => Queued(row, around),
        "starting" or "running" when around.IsLost =>
            $"was {row.State} when the agent lost it; it waits to be recovered, which is tried each minute, attempt {row.Attempts}",
        "starting" => $"its doer is being started{Since(row.StartedAt, around.Now)}, attempt {row.Attempts}",
        "running" => $"running{Since(row.StartedAt, around.Now)}{(row.Pid is { } pid ? $", pid {pid}" : "")}, attempt {row.Attempts}",
        "doubt" => RequestCause.InDoubt(row),
        "settled" => RequestCause.Settled(row),
        _ => $"its state '{row.State}' is not known to this version",
    };

    private static string Queued(WorkRow row, WorkSurroundings around)
    {
        if (RequestCause.TriedAgain(row, around.Now) is { } again)
        {
            return again;
        }

        if (around.AgentState == "DRAINING")
        {
            return "queued: the agent is stopping; it starts when the agent is back";
        }

        if (RequestCause.Stopped(row, PauseOf(around), HoldOf(around)) is { } stopped)
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

    private static PauseFact? PauseOf(WorkSurroundings around) =>
        around.Paused is { } paused ? new(paused.MsgType.Value, paused.By, paused.Since, paused.Reason) : null;

    private static HoldFact? HoldOf(WorkSurroundings around) =>
        around.Held is { Cause: HoldCause.Credential } held ? new(held.Reason, held.Since, held.MaxHold) : null;

    private static string Since(DateTimeOffset? moment, DateTimeOffset now) =>
        moment is { } at ? $" since {SpokenTime.Of(at)} ({SpokenTime.Of(now - at)})" : "";
}
