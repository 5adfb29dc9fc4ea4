using System.Text.Json.Nodes;
using OpsAgent.Capabilities.Fields;

namespace OpsAgent.Capabilities.Keys;

/// <summary>One type of field: its name in the manifest, and the keys that only it has.</summary>
/// <param name="name">The value of <c>type</c>.</param>
/// <param name="description">What it takes.</param>
/// <param name="limits">Its own keys.</param>
internal sealed class FieldTypeForm(string name, string description, params Key[] limits)
{
    private const string LengthName = "max";

    public static readonly NumberKey TextLength =
        new(LengthName, "the longest value, in UTF-16 units", 1, TextType.Largest) { Required = true };

    public static readonly NumberKey JsonLength =
        new(LengthName, "the longest value, in characters of compact text", 2, TextType.Largest) { Required = true };

    public static readonly NumberKey Least = new("min", "the least value", long.MinValue, long.MaxValue) { Required = true };

    public static readonly NumberKey Most = new(LengthName, "the greatest value", long.MinValue, long.MaxValue) { Required = true };

    public static readonly NumberKey ItemLength =
        new(LengthName, "the longest item, in UTF-16 units; 200 if it is not given", 1, TextType.Largest) { Otherwise = 200 };

    public static readonly NumberKey MostItems =
        new("max_items", "the largest number of items", 1, ListType.MostItems) { Required = true };

    public static readonly TextsKey Values = new("values", "the words, each on one line") { Required = true, Pattern = Patterns.Line };

    public static readonly FieldTypeForm Id = new("id", "1 to 19 digits");
    public static readonly FieldTypeForm FileName = new("file_name", "1 to 255 of A-Z a-z 0-9 . _ - not beginning with -");
    public static readonly FieldTypeForm TaskName = new("task_name", "1 to 255 of A-Z a-z 0-9 . _ : + = @ / - not beginning with -, no .. part");
    public static readonly FieldTypeForm RucioScope = new("rucio_scope", "1 to 64 of A-Z a-z 0-9 . _ - beginning with a letter or digit");
    public static readonly FieldTypeForm Text = new("text", "one line of at most max characters", TextLength);
    public static readonly FieldTypeForm Int = new("int", "a whole number from min to max", Least, Most) { Defaults = ["integer", "string"] };
    public static readonly FieldTypeForm Enum = new("enum", "one of values", Values);
    public static readonly FieldTypeForm Flag = new("flag", "true or false; one that is missing is false") { Defaults = [] };
    public static readonly FieldTypeForm List = new("list", "lines of text, at most max_items", MostItems, ItemLength)
    {
        Defaults = ["array", "string", "integer"],
    };

    public static readonly FieldTypeForm Json = new("json", "a JSON object or array", JsonLength) { Defaults = ["array"] };

    /// <summary>In the order that people are told them.</summary>
    public static readonly IReadOnlyList<FieldTypeForm> All =
        [Id, FileName, TaskName, RucioScope, Text, Int, Enum, Flag, List, Json];

    /// <summary>The keys of all types, one for each name, that says what it means for each.</summary>
    public static readonly IReadOnlyList<Key> AllLimits =
    [
        .. All.SelectMany(static f => f.Limits.Select(k => (Type: f.Name, Key: k))).GroupBy(static l => l.Key.Name).Select(static g =>
            new ValueKey(g.Key, $"Of {string.Join("; of ", g.Select(static l => $"{l.Type}: {l.Key.Description}"))}.", JsonTypeOf(g.First().Key))),
    ];

    public string Name => name;

    public string Description => description;

    public IReadOnlyList<Key> Limits => limits;

    /// <summary>What its default may be, by JSON Schema's names; none: it has no default.</summary>
    public IReadOnlyList<string> Defaults { get; private init; } = ["string", "integer"];

    /// <summary>What the schema asks of a field of this type.</summary>
    public JsonObject ToRule()
    {
        var then = new JsonObject();
        var properties = new JsonObject();
        foreach (var other in AllLimits)
        {
            properties[other.Name] = limits.FirstOrDefault(k => k.Name == other.Name) is { } own ? own.ToSchema() : false;
        }

        properties[FieldKeys.Default.Name] =
            Defaults.Count > 0 ? new JsonObject { ["type"] = new JsonArray([.. Defaults.Select(static d => JsonValue.Create(d))]) } : false;
        if (this == Flag)
        {
            properties[FieldKeys.IsRequired.Name] = new JsonObject { ["const"] = false };
        }

        then["properties"] = properties;
        if (limits.Any(static k => k.Required))
        {
            then["required"] = new JsonArray([.. limits.Where(static k => k.Required).Select(static k => JsonValue.Create(k.Name))]);
        }

        return new JsonObject
        {
            ["if"] = new JsonObject { ["properties"] = new JsonObject { [FieldKeys.Type.Name] = new JsonObject { ["const"] = name } } },
            ["then"] = then,
        };
    }

    private static string JsonTypeOf(Key key) => key is NumberKey ? "integer" : "array";
}
