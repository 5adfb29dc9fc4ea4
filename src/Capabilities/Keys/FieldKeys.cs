using System.Text.Json.Nodes;
using OpsAgent.Capabilities.Reading;
using OpsAgent.Capabilities.Templates;

namespace OpsAgent.Capabilities.Keys;

/// <summary><c>[capability.NAME.fields]</c>: the keys that every type of field has.</summary>
internal static class FieldKeys
{
    public const int LongestName = 64;

    /// <summary>Names that the envelope reads, which thus can't be a capability's own.</summary>
    public static readonly IReadOnlyList<string> OfEnvelope = ["msg_type", "namespace", "reply_to"];

    public static readonly WordKey Type = new(
        "type",
        "What the field may hold. " + string.Join("; ", FieldTypeForm.All.Select(static f => $"{f.Name}: {f.Description}")) + ".",
        [.. FieldTypeForm.All.Select(static f => f.Name)])
    {
        Required = true,
    };

    public static readonly BooleanKey IsRequired = new("required", "Whether a request without the field is refused.");

    public static readonly ValueKey Default = new(
        "default", "The value that a request without the field gets. It must be one that the type takes.", "string", "integer", "array");

    /// <summary>One field; what else it has depends on its type.</summary>
    public static readonly TableForm Form = new()
    {
        Keys = [Type, IsRequired, Default, .. FieldTypeForm.AllLimits],
        Rules = static schema =>
        {
            schema["if"] = new JsonObject { ["required"] = new JsonArray(Type.Name) };
            schema["then"] = new JsonObject { ["allOf"] = new JsonArray([.. FieldTypeForm.All.Select(static f => f.ToRule())]) };
            schema["dependencies"] = new JsonObject { [Default.Name] = NotRequired() };
        },
    };

    public static readonly TableForm FieldsForm = new()
    {
        Others = new TableKey(Key.Any, "A field of the request.", Form),
        OtherNames = Patterns.Identifier(LongestName),
        NotNames = [.. OfEnvelope, .. BuiltInVariables.All],
    };

    /// <summary>A default is never used if the field is required.</summary>
    private static JsonObject NotRequired() => new()
    {
        ["properties"] = new JsonObject { [IsRequired.Name] = new JsonObject { ["const"] = false } },
    };
}
