using OpsAgent.Abstractions;
using OpsAgent.Capabilities.Keys;
using OpsAgent.Capabilities.Templates;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Reads <c>[capability.NAME.record]</c>.</summary>
internal static class RecordReader
{
    public static RecordDefinition? Read(TableReader? table, TemplateReader templates, EventsReader events)
    {
        if (table is null)
        {
            return null;
        }

        var action = table.Text(RecordKeys.Action);
        var subjectType = table.Text(RecordKeys.SubjectType);
        var subjectKey = templates.Read(table, RecordKeys.SubjectKey, BuiltInVariables.OfRuns);
        var username = templates.Read(table, RecordKeys.Username, BuiltInVariables.OfRuns, RecordKeys.Username.MayBeEmpty);
        var sublevel = table.Word(RecordKeys.Sublevel);
        var live = table.Boolean(RecordKeys.LiveDefault);
        var extra = table.Table(RecordKeys.Extra) is { } fields ? events.ReadFields(fields, static _ => true) : [];
        var outcomes = ReadOutcomes(table);
        table.RefuseOthers();
        if (subjectKey is not null && subjectType is null)
        {
            table.Report(RecordKeys.SubjectType, "is missing: subject_key says which one, but not of what");
        }

        return action is null ? null : new RecordDefinition
        {
            Action = action,
            SubjectType = subjectType,
            SubjectKey = subjectKey,
            Username = username,
            Sublevel = sublevel ?? "",
            LiveDefault = live ?? false,
            Outcomes = outcomes,
            Extra = extra,
        };
    }

    private static List<Outcome> ReadOutcomes(TableReader table)
    {
        var outcomes = new List<Outcome>();
        foreach (var node in table.Texts(RecordKeys.Outcomes))
        {
            if (OutcomeNames.TryParse(node.Value, out var outcome))
            {
                outcomes.Add(outcome);
            }
            else
            {
                table.Report(node, RecordKeys.Outcomes, $"'{node.Value}' is no outcome{Spelling.Hint(node.Value, OutcomeNames.All)}");
            }
        }

        return outcomes;
    }
}
