using System.Text.Json.Nodes;

namespace OpsAgent.Capabilities.Keys;

/// <summary>A table, or an array of them.</summary>
internal sealed class TableKey(string name, string description, TableForm form) : Key(name, description)
{
    public TableForm Form => form;

    /// <summary>True for <c>[[tables]]</c>.</summary>
    public bool IsArray { get; init; }

    protected override void Describe(JsonObject schema)
    {
        if (!IsArray)
        {
            form.Describe(schema);
            return;
        }

        var item = new JsonObject();
        form.Describe(item);
        schema["type"] = "array";
        schema["items"] = item;
    }
}
