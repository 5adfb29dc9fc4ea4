using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Holds;

namespace OpsAgent.Agent.Control;

/// <summary>Says in one line why a request is queued, runs, is in doubt or ended as it did, and names the evidence.</summary>
internal static class WorkExplanation
{
    /// <summary>A pure function of the row and what is around it.</summary>
    public static Explanation Of(WorkRow row, WorkSurroundings around) =>
        new(CauseOf(row, around), [.. EvidenceOf(row, around)]);

    private static string CauseOf(WorkRow row, WorkSurroundings around) => row.State switch
    {
        "queued" => Queued(row, around),
        "starting" => $"its doer is being started{Since(row.StartedAt, around.Now)}, attempt {row.Attempts}",
        "running" => $"running{Since(row.StartedAt, around.Now)}{(row.Pid is { } pid ? $", pid {pid}" : "")}, attempt {row.Attempts}",
        "doubt" => $"in doubt: {Or(row.Reason, "not known whether it was done")}; its key is kept until that is found out, or settled: opsctl work settle",
        "settled" => Settled(row),
        _ => $"its state '{row.State}' is not known to this version",
    };

    private static string Queued(WorkRow row, WorkSurroundings around)
    {
        if (row.NotBefore is { } notBefore && notBefore > around.Now)
        {
            var why = Or(row.Reason, "its doer asked for it");
            return $"queued: to be tried again in {Span(notBefore - around.Now)}, after attempt {row.Attempts} ({why})";
        }

        if (around.AgentState == "DRAINING")
        {
            return "queued: the agent is stopping; it starts when the agent is back";
        }

        if (around.Paused is { } paused)
        {
            var reason = paused.Reason.Length > 0 ? $": {paused.Reason}" : "";
            return $"queued: {row.MsgType} is paused by {paused.By} since {Time(paused.Since)}{reason}";
        }

        if (around.Held is { Cause: HoldCause.Credential } held)
        {
            var until = row.HeldAt >= held.Since && held.MaxHold is { } longest ? $" (refused at {Time(row.HeldAt.Value + longest)} if not)" : "";
            return $"queued: held since {Time(held.Since)} for a {held.Reason}; it starts by itself once that is good{until}";
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

    private static string Settled(WorkRow row)
    {
        var took = row.DurationMs is { } ms ? $" after {Span(TimeSpan.FromMilliseconds(ms))}" : "";
        return row.Outcome switch
        {
            Outcome.Ok => row.Reason.Length > 0 ? $"done: {row.Reason}" : $"done{took}",
            Outcome.Error => $"failed{took}: {Or(row.Reason, "no reason is recorded")}",
            Outcome.Timeout => $"ended at its time limit{took}: {Or(row.Reason, "timed out")}",
            Outcome.Unrecorded => $"done{took}, but the facility's record could not be written: {Or(row.Reason, "no reason is recorded")}",
            Outcome.Unverified => $"accepted by the facility{took}, but its effect was not seen: {Or(row.Reason, "no reason is recorded")}",
            Outcome.Unknown => $"not known whether it was done: {Or(row.Reason, "no reason is recorded")}",
            Outcome.Skipped => row.DuplicateOf is { } first
                ? $"skipped as a duplicate of {first}, whose events serve both"
                : $"skipped: {Or(row.Reason, "a duplicate")}",
            Outcome.Rejected => $"rejected because {Or(row.Reason, "of a reason that is not recorded")}",
            Outcome.Cancelled => Or(row.Reason, "cancelled by an operator"),
            _ => "settled, but its outcome is not recorded",
        };
    }

    private static IEnumerable<string> EvidenceOf(WorkRow row, WorkSurroundings around)
    {
        yield return $"received {Time(row.ReceivedAt)}{(row.RequestedBy is { Length: > 0 } by ? $", asked for by {by}" : "")}";
        if (row.SentAt is { } sent)
        {
            yield return $"sent {Time(sent)} by the broker's timestamp";
        }

        if (row.DedupKey is { } key)
        {
            yield return $"key {key}";
        }

        if (row.State == "queued" && around.Lane is { } lane)
        {
            yield return $"lane {lane.Name}: {lane.Running} running of {lane.Slots} slots, {lane.Queued} queued";
        }

        if (row.State == "queued" && around.RunningOfType is { } running)
        {
            yield return $"{row.MsgType}: {running} running";
        }

        if (row.StartedAt is { } started)
        {
            yield return $"started {Time(started)}, attempt {row.Attempts}";
        }

        if (row.HeldAt is { } heldAt)
        {
            yield return $"held from {Time(heldAt)} on for a credential";
        }

        if (row.Program is { } program)
        {
            yield return $"doer {program}{(row.ProgramHash is { } hash ? $", hash {hash}" : "")}";
        }

        if (row.ExitCode is { } code)
        {
            yield return $"exit code {code}";
        }

        if (row.RetryOf is { } first)
        {
            yield return $"runs {first} again, as an operator decided";
        }

        if (row.DoubtAt is { } doubt)
        {
            yield return row.SettledAt is null ? $"in doubt since {Time(doubt)} ({Span(around.Now - doubt)})" : $"was in doubt from {Time(doubt)} on";
        }

        if (row.LookedAt is { } looked)
        {
            yield return $"looked up {row.Looks} times in vain, last at {Time(looked)}: {Or(row.Looked ?? "", "nothing was said")}";
        }

        if (row.Survivors is { } survivors)
        {
            yield return $"its tree was ended, {survivors} survived";
        }

        if (row.SettledAt is { } settled)
        {
            yield return $"settled {Time(settled)} as {(row.Outcome is { } outcome ? outcome.ToWire() : "unrecorded outcome")}";
        }
    }

    private static string Or(string text, string otherwise) => text.Length > 0 ? text : otherwise;

    private static string Since(DateTimeOffset? moment, DateTimeOffset now) =>
        moment is { } at ? $" since {Time(at)} ({Span(now - at)})" : "";

    private static string Time(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    private static string Span(TimeSpan span) => span switch
    {
        { Ticks: <= 0 } => "0 s",
        { TotalSeconds: < 1 } => $"{span.TotalMilliseconds:0} ms",
        { TotalMinutes: < 2 } => $"{span.TotalSeconds:0.#} s",
        { TotalHours: < 2 } => $"{span.TotalMinutes:0} min",
        _ => $"{span.TotalHours:0.#} h",
    };
}
