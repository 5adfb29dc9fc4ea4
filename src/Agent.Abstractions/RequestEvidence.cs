namespace OpsAgent.Abstractions;

/// <summary>The facts that a cause is concluded from, one line each.</summary>
public static class RequestEvidence
{
    /// <summary>In the order in which they came about.</summary>
    /// <param name="facts">What is written of the request.</param>
    /// <param name="around">Lines about what is around it while it waits.</param>
    /// <param name="now">The moment of the explanation.</param>
    public static IEnumerable<string> Of(RequestFacts facts, IEnumerable<string> around, DateTimeOffset now) =>
        [.. Arrival(facts), .. around, .. Attempt(facts), .. Doubt(facts, now), .. End(facts)];

    private static IEnumerable<string> Arrival(RequestFacts facts)
    {
        yield return $"received {SpokenTime.Of(facts.ReceivedAt)}{(facts.RequestedBy is { Length: > 0 } by ? $", asked for by {by}" : "")}";
        if (facts.SentAt is { } sent)
        {
            yield return $"sent {SpokenTime.Of(sent)} by the broker's timestamp";
        }

        if (facts.DedupKey is { } key)
        {
            yield return $"key {key}";
        }
    }

    private static IEnumerable<string> Attempt(RequestFacts facts)
    {
        if (facts.StartedAt is { } started)
        {
            yield return $"started {SpokenTime.Of(started)}, attempt {facts.Attempts}";
        }

        if (facts.HeldAt is { } heldAt)
        {
            yield return $"held from {SpokenTime.Of(heldAt)} on for a credential";
        }

        if (facts.Program is { } program)
        {
            yield return $"doer {program}{(facts.ProgramHash is { } hash ? $", hash {hash}" : "")}";
        }

        if (facts.ExitCode is { } code)
        {
            yield return $"exit code {code}";
        }

        if (facts.RetryOf is { } first)
        {
            yield return $"runs {first} again, as an operator decided";
        }
    }

    private static IEnumerable<string> Doubt(RequestFacts facts, DateTimeOffset now)
    {
        if (facts.DoubtAt is { } doubt)
        {
            yield return facts.SettledAt is null
                ? $"in doubt since {SpokenTime.Of(doubt)} ({SpokenTime.Of(now - doubt)})"
                : $"was in doubt from {SpokenTime.Of(doubt)} on";
        }

        if (facts.LookedAt is { } looked)
        {
            yield return $"looked up {facts.Looks} times in vain, last at {SpokenTime.Of(looked)}: "
                + (facts.Looked is { Length: > 0 } said ? said : "nothing was said");
        }
    }

    private static IEnumerable<string> End(RequestFacts facts)
    {
        if (facts.Survivors is { } survivors)
        {
            yield return $"its tree was ended, {survivors} survived";
        }

        if (facts.SettledAt is { } settled)
        {
            yield return $"settled {SpokenTime.Of(settled)} as {(facts.Outcome is { } outcome ? outcome.ToWire() : "unrecorded outcome")}";
        }
    }
}
