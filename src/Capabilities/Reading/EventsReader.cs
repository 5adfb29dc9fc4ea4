using System.Text.Json.Nodes;
using OpsAgent.Abstractions;
using OpsAgent.Capabilities.Keys;
using OpsAgent.Capabilities.Templates;
using OpsAgent.Toml;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Reads <c>[[capability.NAME.on.OUTCOME]]</c>.</summary>
internal sealed class EventsReader(TableReader table, TemplateReader templates, bool countsAttempts)
{
    private readonly IReadOnlyList<string> _builtIns =
        countsAttempts ? BuiltInVariables.OfRuns : [.. BuiltInVariables.OfRuns.Where(static n => n != BuiltInVariables.Attempts)];

    public IReadOnlyDictionary<Outcome, IReadOnlyList<EventDefinition>> Read()
    {
        var events = new Dictionary<Outcome, IReadOnlyList<EventDefinition>>();
        if (table.Table(CapabilityKeys.On) is not { } on)
        {
            return events;
        }

        foreach (var name in on.Keys)
        {
            if (!OutcomeNames.TryParse(name, out var outcome))
            {
                var hint = Spelling.Hint(name, OutcomeNames.All);
                on.ReportKey(name, $"is no outcome: one of {string.Join(", ", OutcomeNames.All)}{hint}");
            }
            else if (!EventKeys.ByOutcome.TryGetValue(outcome, out var key))
            {
                on.ReportKey(name, "a skipped request has no event: the first one's serves both");
            }
            else if (on.Find(key) is not TomlArray array || array.Any(static i => i is not TomlTable))
            {
                on.Report(name, $"must be an array of tables: write [[{on.Path}.{name}]]");
            }
            else
            {
                events[outcome] =
                    [.. array.Cast<TomlTable>().Select(t => ReadOne(t, $"{on.Path}.{name}")).OfType<EventDefinition>()];
            }
        }

        return events;
    }

    /// <summary>The fields of an event or a record, but for the keys that mean something else.</summary>
    public IReadOnlyList<EventField> ReadFields(TableReader source, Func<string, bool> isField) =>
        [.. source.Keys.Where(isField).Select(key => ReadField(source, key)).OfType<EventField>()];

    private EventDefinition? ReadOne(TomlTable node, string path)
    {
        var source = new TableReader(node, path, EventKeys.Form, table.Problems);
        var type = source.Text(EventKeys.MsgType);
        if (type is not null && !Names.IsIdentifier(type, Names.LongestMsgType))
        {
            source.Report(EventKeys.MsgType, Names.IdentifierForm);
        }

        foreach (var key in source.Keys.Where(EventKeys.OfAgent.Contains))
        {
            source.ReportKey(key, "is set by the agent on every event");
        }

        if (source.Keys.Contains("agent_name") && source.Keys.Contains("status"))
        {
            source.ReportKey("agent_name", "with 'status' beside it, the monitor takes the event for a heartbeat");
        }

        var when = source.Table(EventKeys.When) is { } conditions ? ReadWhen(conditions) : [];
        var fields = ReadFields(
            source, static k => k != EventKeys.MsgType && k != EventKeys.When && !EventKeys.OfAgent.Contains(k));
        return type is null ? null : new EventDefinition(new MsgType(type), fields) { When = when };
    }

    private IReadOnlyList<EventCondition> ReadWhen(TableReader conditions)
    {
        foreach (var name in conditions.Keys.Where(name => !templates.Fields.Contains(name)))
        {
            conditions.ReportKey(name, $"there is no such field{Spelling.Hint(name, templates.Fields.Names)}");
        }

        return [.. conditions.Keys.Select(name => new EventCondition(name, [.. conditions.Texts(name).Select(static v => v.Value)]))];
    }

    private EventField? ReadField(TableReader source, string key)
    {
        switch (source.Find(key))
        {
            case TomlString { Value: "" }:
                return new EventField(key, JsonValue.Create(""));
            case TomlString text:
                return templates.Read(source, key, text, _builtIns) is { } template ? new EventField(key, template) : null;
            case TomlInteger number:
                return new EventField(key, JsonValue.Create(number.Value));
            case TomlFloat number when double.IsFinite(number.Value):
                return new EventField(key, JsonValue.Create(number.Value));
            case TomlBoolean boolean:
                return new EventField(key, JsonValue.Create(boolean.Value));
            default:
                source.Report(key, "must be a template, a finite number, true or false");
                return null;
        }
    }
}
