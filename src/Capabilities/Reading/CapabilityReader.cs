using OpsAgent.Abstractions;
using OpsAgent.Capabilities.Credentials;
using OpsAgent.Capabilities.Fields;
using OpsAgent.Capabilities.Keys;
using OpsAgent.Capabilities.Templates;
using OpsAgent.Toml;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Reads one <c>[capability.NAME]</c>.</summary>
internal sealed class CapabilityReader(TableReader table, SharedTables shared)
{
    private static readonly string[] OfTimeouts = [BuiltInVariables.TimeoutSeconds, BuiltInVariables.DurationMs];

    private bool IsReport => table.Find(CapabilityKeys.Recovery) is TomlString { Value: "report" };

    /// <summary>The capability; null if there is any mistake in it, all of which are then reported.</summary>
    public CapabilityDefinition? Read()
    {
        var before = table.Problems.Count;
        if (ManifestKeys.TakenTypes.Contains(table.Name))
        {
            table.Problems.Add(table.Position, table.Path, "is taken: the agent answers it itself");
        }

        var templates = new TemplateReader(FieldsReader.Read(table.Table(CapabilityKeys.Fields)));
        var doer = new ArgumentsReader(table, templates).Read();
        var rules = new OutcomeRules(table, templates);
        rules.Read(IsReport);
        var marker = MarkerReader.Read(table, templates);
        var events = new EventsReader(table, templates, table.Find(CapabilityKeys.FailureMarker) is not null);
        var credentials = ReadCredentials();
        var definition = new CapabilityDefinition
        {
            MsgType = new MsgType(table.Name),
            Description = table.Text(CapabilityKeys.Description) ?? "",
            Doer = doer,
            Timeout = Limits.Read(table, CapabilityKeys.Timeout, shared.Environment) ?? default,
            TimeoutVariable = Limits.VariableOf(table, CapabilityKeys.Timeout, shared.Environment),
            Grace = Limits.Read(table, CapabilityKeys.Grace, shared.Environment) ?? default,
            IdleTimeout = Limits.Read(table, CapabilityKeys.IdleTimeout, shared.Environment),
            TimeoutReason = templates.Read(table, CapabilityKeys.TimeoutReason, OfTimeouts),
            Lane = ReadLane(),
            MaxParallel = (int)(table.Number(CapabilityKeys.MaxParallel) ?? int.MaxValue),
            MaxPending = (int)(table.Number(CapabilityKeys.MaxPending) ?? 0),
            RateLimit = Limits.ReadRate(table, CapabilityKeys.RateLimit),
            MaxAge = Limits.Read(table, CapabilityKeys.MaxAge, shared.Environment),
            Senders = SendersReader.Read(table),
            MaxHold = Limits.Read(table, CapabilityKeys.MaxHold, shared.Environment) ?? CapabilityDefinition.UsualHold,
            DedupKey = templates.Read(table, CapabilityKeys.DedupKey, []),
            Recovery = table.Word(CapabilityKeys.Recovery) == "report" ? RecoveryPolicy.Report : RecoveryPolicy.Rerun,
            OnDrain = ReadDrain(),
            Credentials = credentials,
            Environment = ReadEnvironment(),
            Limits = ConfinementReader.ReadLimits(table, doer.Program),
            Sandbox = ConfinementReader.ReadSandbox(table, credentials, [.. shared.Credentials.Values.Except(credentials)], shared.Environment),
            Capture = table.Word(CapabilityKeys.Capture) == "files" ? CaptureMode.Files : CaptureMode.Pipe,
            ExitCodes = rules.ExitCodes,
            AfterTimeout = rules.AfterTimeout,
            AfterSignal = rules.AfterSignal,
            OkNeeds = rules.OkNeeds,
            FailureMarker = marker,
            PointOfNoReturn = ReadPointOfNoReturn(),
            LookUps = LookUpReader.Read(table, templates),
            Release = LookUpReader.ReadRelease(table, templates),
            Fields = templates.Fields.Definitions,
            Events = events.Read(),
            Record = RecordReader.Read(table.Table(CapabilityKeys.Record), templates, events),
        };
        CheckEvents(definition, rules);
        CheckReport(definition);
        table.RefuseOthers();
        return table.Problems.Count == before ? definition : null;
    }

    private DrainPolicy ReadDrain() => table.Word(CapabilityKeys.OnDrain) switch
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
            foreach (var key in new Key[] { CapabilityKeys.LookUp, CapabilityKeys.Release, CapabilityKeys.PointOfNoReturn }.Where(k => table.Find(k) is not null))
            {
                table.Report(key, "is only for recovery = \"report\": what may run again is never in doubt");
            }

            return;
        }

        if (table.Find(CapabilityKeys.DedupKey) is null)
        {
            table.Report(CapabilityKeys.DedupKey, "is missing: with recovery = \"report\" a request in doubt must hold a key");
        }

        if (definition.OnDrain == DrainPolicy.Requeue)
        {
            table.Report(CapabilityKeys.OnDrain, "would start it again, which recovery = \"report\" rules out: say \"finish\"");
        }
    }

    private string? ReadPointOfNoReturn()
    {
        var name = table.Text(CapabilityKeys.PointOfNoReturn);
        if (name is not null && !NameForms.IsPlain(name, 255))
        {
            table.Report(CapabilityKeys.PointOfNoReturn, "must be the name of a file, without a path");
        }

        return name;
    }

    private LaneName ReadLane()
    {
        var lane = table.Text(CapabilityKeys.Lane);
        if (lane is not null && !shared.LaneNames.Contains(lane))
        {
            table.Report(CapabilityKeys.Lane, $"there is no [lane.{lane}]{Spelling.Hint(lane, shared.LaneNames)}");
        }

        return new LaneName(lane ?? "");
    }

    private List<CredentialDefinition> ReadCredentials()
    {
        var credentials = new List<CredentialDefinition>();
        foreach (var node in table.Texts(CapabilityKeys.Credentials))
        {
            if (shared.Credentials.TryGetValue(node.Value, out var credential))
            {
                credentials.Add(credential);
            }
            else if (!shared.CredentialNames.Contains(node.Value))
            {
                var hint = Spelling.Hint(node.Value, shared.CredentialNames);
                table.Report(node, CapabilityKeys.Credentials, $"there is no [credential.{node.Value}]{hint}");
            }
        }

        return credentials;
    }

    private List<string> ReadEnvironment()
    {
        var patterns = new List<string>();
        foreach (var node in table.Texts(CapabilityKeys.Environment))
        {
            if (!Names.IsVariablePattern(node.Value))
            {
                table.Report(node, CapabilityKeys.Environment, "must be the name of a variable, or the beginning of some followed by '*'");
            }
            else if (AgentSecrets.In(node.Value) is { } secret)
            {
                table.Report(node, CapabilityKeys.Environment, $"takes {secret}, {AgentSecrets.Refusal}: name what the doer needs");
            }
            else if (shared.Credentials.Values.FirstOrDefault(c => Taken(node.Value, c) is not null) is { } credential)
            {
                table.Report(
                    node, CapabilityKeys.Environment, $"takes {Taken(node.Value, credential)}: lend it by name, credentials = [\"{credential.Name}\"]");
            }
            else
            {
                patterns.Add(node.Value);
            }
        }

        return patterns;
    }

    /// <summary>
    /// The variable of a credential that a pattern takes; null: none. XDG_RUNTIME_DIR is no secret, and others than a token's reader use it.
    /// </summary>
    private static string? Taken(string pattern, CredentialDefinition credential) =>
        credential.Variables.FirstOrDefault(v => v != BearerTokenPlace.RuntimeFolder && Names.Covers(pattern, v));

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
                table.Report(CapabilityKeys.On, $"a run may end as {name}, but no event says so: add [[{table.Path}.on.{name}]]");
            }
        }
    }
}
