namespace OpsAgent.Abstractions;

/// <summary>Why a request is where it is, in one line, as far as what is written of it tells: with an agent or without.</summary>
public static class RequestCause
{
    /// <summary>Of one that its doer asked to be tried again later; null if it may start now.</summary>
    public static string? TriedAgain(RequestFacts facts, DateTimeOffset now) => facts.NotBefore is { } notBefore && notBefore > now
        ? $"queued: to be tried again in {SpokenTime.Of(notBefore - now)}, after attempt {facts.Attempts} ({Or(facts.Reason, "its doer asked for it")})"
        : null;

    /// <summary>Of one whose type is paused or held; null if it is neither.</summary>
    /// <param name="facts">What is written of the request.</param>
    /// <param name="paused">The pause of its type.</param>
    /// <param name="held">The hold of its type for a credential.</param>
    public static string? Stopped(RequestFacts facts, PauseFact? paused, HoldFact? held)
    {
        if (paused is not null)
        {
            var reason = paused.Reason.Length > 0 ? $": {paused.Reason}" : "";
            return $"queued: {paused.MsgType} is paused by {paused.By} since {SpokenTime.Of(paused.Since)}{reason}";
        }

        if (held is not null)
        {
            var until = facts.HeldAt >= held.Since && held.MaxHold is { } longest
                ? $" (refused at {SpokenTime.Of(facts.HeldAt.Value + longest)} if not)"
                : "";
            return $"queued: held since {SpokenTime.Of(held.Since)}: {held.Reason}; it starts by itself once that is good{until}";
        }

        return null;
    }

    /// <summary>Of one in doubt.</summary>
    public static string InDoubt(RequestFacts facts) =>
        $"in doubt: {Or(facts.Reason, "not known whether it was done")}; its key is kept until that is found out, or settled: opsctl work settle";

    /// <summary>Of one that has ended.</summary>
    public static string Settled(RequestFacts facts)
    {
        var took = facts.DurationMs is > 0 and var ms ? $" after {SpokenTime.Of(TimeSpan.FromMilliseconds(ms))}" : "";
        var reason = Or(facts.Reason, "no reason is recorded");
        return facts.Outcome switch
        {
            Outcome.Ok => facts.Reason.Length > 0 ? $"done: {facts.Reason}" : $"done{took}",
            Outcome.Error => $"failed{took}: {reason}",
            Outcome.Timeout => $"ended at its time limit{took}: {Or(facts.Reason, "timed out")}",
            Outcome.Unrecorded => $"done{took}, but the facility's record could not be written: {reason}",
            Outcome.Unverified => $"accepted by the facility{took}, but its effect was not seen: {reason}",
            Outcome.Unknown => $"not known whether it was done: {reason}",
            Outcome.Skipped => facts.DuplicateOf is { } first
                ? $"skipped as a duplicate of {first}, whose events serve both"
                : $"skipped: {Or(facts.Reason, "a duplicate")}",
            Outcome.Rejected => $"rejected because {Or(facts.Reason, "of a reason that is not recorded")}",
            Outcome.Cancelled => Or(facts.Reason, "cancelled by an operator"),
            _ => "settled, but its outcome is not recorded",
        };
    }

    private static string Or(string text, string otherwise) => text.Length > 0 ? text : otherwise;
}
