using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OpsAgent.Abstractions;
using OpsAgent.Capabilities.Fields;

namespace OpsAgent.Capabilities;

/// <summary>What a capability does with a request: its fields read, its doer's command line, its verdict, its events.</summary>
public sealed class Capability
{
    private readonly HashSet<string> _declared;

    internal Capability(CapabilityDefinition definition)
    {
        Definition = definition;
        _declared = [.. definition.Fields.Select(static f => f.Name)];
        Summary = CapabilitySummary.Of(definition);
    }

    /// <summary>The table that it was made from.</summary>
    public CapabilityDefinition Definition { get; }

    /// <summary>The type of its requests.</summary>
    public MsgType MsgType => Definition.MsgType;

    /// <summary>For lists.</summary>
    public CapabilitySummary Summary { get; }

    /// <summary>Reads a message's fields. Unknown ones are ignored; nothing in a message makes it throw.</summary>
    public FieldReading ReadFields(JsonElement body) => MessageReader.Read(Definition.Fields, _declared, body);

    /// <summary>The work that a valid message asks for.</summary>
    /// <param name="values">Its fields.</param>
    /// <param name="receivedAt">When the agent took it in.</param>
    public WorkRequest ToWork(FieldValues values, DateTimeOffset receivedAt)
    {
        var variables = new RequestVariables(values, receivedAt);
        return new WorkRequest
        {
            DedupKey = Definition.DedupKey is { } key ? new DedupKey(key.Render(values.Text)) : null,
            Lane = Definition.Lane,
            MaxParallel = Definition.MaxParallel,
            MaxPending = Definition.MaxPending,
            RateLimit = Definition.RateLimit,
            MaxAge = Definition.MaxAge,
            Recovery = Definition.Recovery,
            OnDrain = Definition.OnDrain,
            Plan = Plan(Definition.Doer, variables) with
            {
                IdleTimeout = Definition.IdleTimeout,
                Capture = Definition.Capture,
                ExitCodes = Definition.ExitCodes,
                PointOfNoReturn = Definition.PointOfNoReturn,
            },
            LookUps =
            [
                .. Definition.LookUps.Select(l => new LookUp(LookUpPlan(l.Doer, variables) with { ExitCodes = l.Answers }, l.Answers)),
            ],
            Release = Definition.Release is { } release ? LookUpPlan(release, variables) : null,
        };
    }

    /// <summary>The run's outcome and reason, once the manifest's own rules are applied to what the runner says.</summary>
    public (Outcome Outcome, string Reason) Judge(FieldValues values, RunFacts facts)
    {
        var result = facts.Result;
        if (result.Ran && result.Outcome == Outcome.Timeout)
        {
            // Ended for its silence, it did not reach its whole limit, and the runner's reason says so.
            var limitReached = Definition.IdleTimeout is null || result.Duration >= Definition.Timeout;
            return (Definition.AfterTimeout, Definition.TimeoutReason is { } template && limitReached
                ? Variables(Definition.AfterTimeout, values, facts).ToText(template)
                : result.Reason);
        }

        if (result.Ran && result is { Outcome: Outcome.Error, Signal: not null })
        {
            return (Definition.AfterSignal, result.Reason);
        }

        var counts = result.Outcome is Outcome.Ok or Outcome.Unrecorded;
        return counts && Definition.OkNeeds is { } rule && !IsFound(rule.Stdout, result.Stdout)
            ? (rule.Otherwise, Variables(rule.Otherwise, values, facts).ToText(rule.Reason))
            : (result.Outcome, result.Reason);
    }

    /// <summary>
    /// The events for an outcome. Those of <c>on.error</c> also serve a timeout, a refusal and a cancellation that have none of
    /// their own, with a reason that says which it was. An event that names a field that is not valid is left out.
    /// </summary>
    public IReadOnlyList<CompletionEvent> Events(Outcome outcome, FieldValues values, RunFacts facts)
    {
        if (!Definition.Events.TryGetValue(outcome, out var definitions))
        {
            if (outcome is not (Outcome.Timeout or Outcome.Rejected or Outcome.Cancelled)
                || !Definition.Events.TryGetValue(Outcome.Error, out definitions))
            {
                return [];
            }

            facts = facts with { Reason = FailureReason(outcome, facts.Reason) };
        }

        var variables = Variables(outcome, values, facts);
        return [.. definitions.Where(variables.CanRender).Select(d => Render(d, variables))];
    }

    /// <summary>
    /// The action record of an ended, refused or cancelled run; null if it has none, or if its subject is named by a field that
    /// is not valid.
    /// </summary>
    public ActionRecord? Record(Outcome outcome, FieldValues values, RunFacts facts)
    {
        if (Definition.Record is not { } record || record.SubjectKey?.IsRenderable(values) == false
            || (record.Outcomes.Count > 0 && !record.Outcomes.Contains(outcome)))
        {
            return null;
        }

        var variables = Variables(outcome, values, facts);
        return new ActionRecord
        {
            Action = record.Action,
            SubjectType = record.SubjectType,
            SubjectKey = record.SubjectKey is { } key ? variables.ToText(key) : null,
            Username = UserOf(record, values, variables),
            Sublevel = record.Sublevel,
            LiveDefault = record.LiveDefault,
            // The runner's own words: the manifest may have others for pages and markers.
            Reason = outcome == Outcome.Timeout && facts.Result.Outcome == Outcome.Timeout ? facts.Result.Reason : null,
            Extra = Fields(record.Extra.Where(f => f.Template?.IsRenderable(values) != false), variables),
        };
    }

    /// <summary>The reason as pages that know only failure show it: "not run: ...", "cancelled by ...".</summary>
    public static string FailureReason(Outcome outcome, string reason) => outcome switch
    {
        Outcome.Rejected => Prefixed("not run", reason),
        Outcome.Cancelled => Prefixed("cancelled", reason),
        _ => reason,
    };

    /// <summary>
    /// Where its failure marker stands, relative to <c>SWF_TMP_DIR</c>; null if it has none or if a field that the path names
    /// is not valid.
    /// </summary>
    public string? MarkerPath(FieldValues values) => Definition.FailureMarker?.Render(values);

    /// <summary>Empty: nobody is to be named; null: whoever the message names.</summary>
    private static string? UserOf(RecordDefinition record, FieldValues values, RunVariables variables)
    {
        if (record.HasNoUser)
        {
            return "";
        }

        return record.Username is { } user && user.IsRenderable(values) && variables.ToText(user) is { Length: > 0 } named ? named : null;
    }

    private static bool IsFound(Regex pattern, string output)
    {
        try
        {
            return pattern.IsMatch(output.AsSpan().Trim());
        }
        catch (RegexMatchTimeoutException)
        {
            // Not found in time is not found.
            return false;
        }
    }

    private static string Prefixed(string word, string reason) =>
        reason.StartsWith(word, StringComparison.Ordinal) ? reason : reason.Length > 0 ? $"{word}: {reason}" : word;

    private static CompletionEvent Render(EventDefinition definition, RunVariables variables) =>
        new(definition.MsgType, Fields(definition.Fields, variables));

    private static JsonObject Fields(IEnumerable<EventField> fields, RunVariables variables)
    {
        var rendered = new JsonObject();
        foreach (var field in fields)
        {
            rendered[field.Key] = field.Render(variables);
        }

        return rendered;
    }

    private RunVariables Variables(Outcome outcome, FieldValues values, RunFacts facts) =>
        new(values, outcome, facts, Definition.Timeout);

    /// <summary>A look-up may be cut off at any time, so it has no long grace.</summary>
    private DoerPlan LookUpPlan(CommandDefinition doer, RequestVariables variables) =>
        Plan(doer, variables) with { Grace = TimeSpan.FromSeconds(2) };

    private DoerPlan Plan(CommandDefinition doer, RequestVariables variables) => new()
    {
        Program = doer.Program,
        Arguments = doer.Render(variables),
        Environment = Definition.Environment,
        Credentials = [.. Definition.Credentials.SelectMany(static c => c.Variables)],
        CredentialPaths = Definition.Credentials.Where(static c => c is { Variable: not null, Path: not null })
            .ToDictionary(static c => c.Variable!, static c => c.Path!),
        Timeout = Definition.Timeout,
        Grace = Definition.Grace,
        Limits = Definition.Limits,
        Sandbox = Definition.Sandbox,
    };
}
