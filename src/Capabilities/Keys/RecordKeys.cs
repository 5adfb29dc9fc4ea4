using System.Text.Json.Nodes;

namespace OpsAgent.Capabilities.Keys;

/// <summary><c>[capability.NAME.record]</c>.</summary>
internal static class RecordKeys
{
    public static readonly TextKey Action = new("action", "The action's name, for example payload_log_fetch.") { Required = true };

    public static readonly TextKey SubjectType = new("subject_type", "The kind of thing that it was done to, for example panda_job.");

    public static readonly TemplateKey SubjectKey = new("subject_key", "Which one it was; a template. Needs subject_type.");

    public static readonly TemplateKey Username =
        new("username", "Who asked; a template. Empty: nobody is named. Default: whoever the message names.") { MayBeEmpty = true };

    public static readonly WordKey Sublevel =
        new("sublevel", "How much the record matters.", "low", "normal", "high") { Otherwise = "normal" };

    public static readonly BooleanKey LiveDefault =
        new("live_default", "Whether the live page shows it unless somebody asks otherwise.");

    public static readonly TextsKey Outcomes =
        new("outcomes", "The outcomes that leave a record: [\"error\", \"timeout\"]. Default: all that have one.");

    public static readonly TableKey Extra = new(
        "extra", "Further fields of the record.", new TableForm { Others = EventKeys.Value });

    public static readonly TableForm Form = new()
    {
        Keys = [Action, SubjectType, SubjectKey, Username, Sublevel, LiveDefault, Outcomes, Extra],
        Rules = static schema => schema["dependencies"] =
            new JsonObject { [SubjectKey.Name] = new JsonArray(SubjectType.Name) },
    };
}
