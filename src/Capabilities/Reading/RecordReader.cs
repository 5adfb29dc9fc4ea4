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

        var action = table.Text("action", required: true);
        var subjectType = table.Text("subject_type");
        var subjectKey = templates.Read(table, "subject_key", BuiltInVariables.OfRuns);
        var username = templates.Read(table, "username", BuiltInVariables.OfRuns);
        var sublevel = table.Word("sublevel", "low", "normal", "high");
        var live = table.Boolean("live_default");
        var extra = table.Table("extra") is { } fields ? events.ReadFields(fields, static _ => true) : [];
        table.RefuseOthers();
        if (subjectKey is not null && subjectType is null)
        {
            table.Report("subject_type", "is missing: subject_key says which one, but not of what");
        }

        return action is null ? null : new RecordDefinition
        {
            Action = action,
            SubjectType = subjectType,
            SubjectKey = subjectKey,
            Username = username,
            Sublevel = sublevel ?? "normal",
            LiveDefault = live ?? false,
            Extra = extra,
        };
    }
}
