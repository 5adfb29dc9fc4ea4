using OpsAgent.Abstractions;
using OpsAgent.Capabilities.Templates;
using OpsAgent.Toml;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Reads one <c>[capability.NAME]</c>.</summary>
internal sealed class CapabilityReader(TableReader table, SharedTables shared)
{
    private const int LargestCount = 10_000_000;

    private static readonly string[] OfTimeouts = [BuiltInVariables.TimeoutSeconds, BuiltInVariables.DurationMs];

    /// <summary>Handlers in code take these.</summary>
    private static readonly string[] TakenTypes = ["health_ping", "shutdown"];

    private bool IsReport => table.Find("recovery") is TomlString { Value: "report" };

    /// <summary>The capability; null if there is any mistake in it, all of which are then reported.</summary>
    public CapabilityDefinition? Read()
    {
        var before = table.Problems.Count;
        if (TakenTypes.Contains(table.Name))
        {
            table.Problems.Add(table.Position, table.Path, "is taken: the agent answers it itself");
        }

        var templates = new TemplateReader(FieldsReader.Read(table.Table("fields")));
        var arguments = new ArgumentsReader(table, templates);
        arguments.Read();
        var rules = new OutcomeRules(table, templates);
        rules.Read(IsReport);
        var marker = MarkerReader.Read(table, templates);
        var events = new EventsReader(table, templates, table.Find("failure_marker") is not null);
        var definition = new CapabilityDefinition
        {
            MsgType = new MsgType(table.Name),
            Description = table.Text("description", required: true) ?? "",
            Program = arguments.Program ?? "",
            Arguments = arguments.Arguments,
            Flags = arguments.Flags,
            Optional = arguments.Optional,
            Timeout = Limits.Read(table, "timeout", shared.Environment, required: true) ?? default,
            TimeoutVariable = Limits.VariableOf(table, "timeout", shared.Environment),
            Grace = Limits.Read(table, "grace", shared.Environment) ?? TimeSpan.FromSeconds(5),
            IdleTimeout = Limits.Read(table, "idle_timeout", shared.Environment),
            TimeoutReason = templates.Read(table, "timeout_reason", OfTimeouts),
            Lane = ReadLane(),
            MaxParallel = (int)(table.Number("max_parallel", 1, LargestCount) ?? int.MaxValue),
            MaxPending = (int)(table.Number("max_pending", 1, LargestCount) ?? 100_000),
            MaxAge = Limits.Read(table, "max_age", shared.Environment),
            DedupKey = templates.Read(table, "dedup_key", []),
            Recovery = table.Word("recovery", "rerun", "report") == "report" ? RecoveryPolicy.Report : RecoveryPolicy.Rerun,
            OnDrain = ReadDrain(),
            Credentials = ReadCredentials(),
            Environment = ReadEnvironment(),
            Capture = table.Word("capture", "pipe", "files") == "files" ? CaptureMode.Files : CaptureMode.Pipe,
            ExitCodes = rules.ExitCodes,
            AfterTimeout = rules.AfterTimeout,
            AfterSignal = rules.AfterSignal,
            OkNeeds = rules.OkNeeds,
            FailureMarker = marker,
            Fields = templates.Fields.Definitions,
            Events = events.Read(),
            Record = RecordReader.Read(table.Table("record"), templates, events),
        };
        CheckEvents(definition, rules);
        CheckReport(definition);
        table.RefuseOthers();
        return table.Problems.Count == before ? definition : null;
    }

    private DrainPolicy ReadDrain() => table.Word("on_drain", "requeue", "finish") switch
    {
        "finish" => DrainPolicy.Finish,
        "requeue" => DrainPolicy.Requeue,
        _ => IsReport ? DrainPolicy.Finish : DrainPolicy.Requeue,
    };

    /// <summary>Work that is never started twice: its doubt must hold a key, and a drain must not start it again.</summary>
    private void CheckReport(CapabilityDefinition definition)
    {
        if (!IsReport)
        {
            return;
        }

        if (table.Find("dedup_key") is null)
        {
            table.Report("dedup_key", "is missing: with recovery = \"report\" a request in doubt must hold a key");
        }

        if (definition.OnDrain == DrainPolicy.Requeue)
        {
            table.Report("on_drain", "would start it again, which recovery = \"report\" rules out: say \"finish\"");
        }
    }

    private LaneName ReadLane()
    {
        var lane = table.Text("lane", required: true);
        if (lane is not null && !shared.LaneNames.Contains(lane))
        {
            table.Report("lane", $"there is no [lane.{lane}]{Spelling.Hint(lane, shared.LaneNames)}");
        }

        return new LaneName(lane ?? "");
    }

    private List<CredentialDefinition> ReadCredentials()
    {
        var credentials = new List<CredentialDefinition>();
        foreach (var node in table.Texts("credentials"))
        {
            if (shared.Credentials.TryGetValue(node.Value, out var credential))
            {
                credentials.Add(credential);
            }
            else if (!shared.CredentialNames.Contains(node.Value))
            {
                var hint = Spelling.Hint(node.Value, shared.CredentialNames);
                table.Report(node, "credentials", $"there is no [credential.{node.Value}]{hint}");
            }
        }

        return credentials;
    }

    private List<string> ReadEnvironment()
    {
        var patterns = new List<string>();
        foreach (var node in table.Texts("environment"))
        {
            if (!Names.IsVariablePattern(node.Value))
            {
                table.Report(node, "environment", "must be the name of a variable, or the beginning of some followed by '*'");
            }
            else if (AgentSecrets.In(node.Value) is { } secret)
            {
                table.Report(node, "environment", $"takes {secret}, {AgentSecrets.Refusal}: name what the doer needs");
            }
            else if (shared.Credentials.Values.FirstOrDefault(c => Names.Covers(node.Value, c.Variable)) is { } credential)
            {
                table.Report(
                    node, "environment", $"takes {credential.Variable}: lend it by name, credentials = [\"{credential.Name}\"]");
            }
            else
            {
                patterns.Add(node.Value);
            }
        }

        return patterns;
    }

    /// <summary>
    /// An outcome that the manifest itself brings in must not pass in silence, or a page waits for ever. One that is meant to
    /// have no event says so: <c>on.unknown = []</c>.
    /// </summary>
    private void CheckEvents(CapabilityDefinition definition, OutcomeRules rules)
    {
        if (definition.Events.Count == 0)
        {
            return;
        }

        var possible = IsReport ? rules.Named.Append(Outcome.Unknown) : rules.Named;
        foreach (var outcome in possible.Distinct().Order())
        {
            if (outcome is Outcome.Unrecorded or Outcome.Unverified or Outcome.Unknown && !definition.Events.ContainsKey(outcome))
            {
                var name = outcome.ToWire();
                table.Report("on", $"a run may end as {name}, but no event says so: add [[{table.Path}.on.{name}]]");
            }
        }
    }
}
