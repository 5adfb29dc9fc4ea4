using OpsAgent.Capabilities.Fields;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Reads a field's <c>type</c> and its limits.</summary>
internal static class FieldTypeReader
{
    private const int DefaultItemLength = 200;

    private static readonly string[] TypeNames =
        ["id", "file_name", "task_name", "rucio_scope", "text", "int", "enum", "flag", "list", "json"];

    /// <summary>The type; null if there is a mistake in it, which is then reported.</summary>
    public static FieldType? Read(TableReader table)
    {
        switch (table.Text("type", required: true))
        {
            case null:
                return null;
            case "id":
                return new IdType();
            case "file_name":
                return new FileNameType();
            case "task_name":
                return new TaskNameType();
            case "rucio_scope":
                return new RucioScopeType();
            case "flag":
                return new FlagType();
            case "text":
                return table.Number("max", 1, TextType.Largest, required: true) is { } length ? new TextType((int)length) : null;
            case "json":
                return table.Number("max", 2, TextType.Largest, required: true) is { } size ? new JsonType((int)size) : null;
            case "int":
                return Int(table);
            case "enum":
                return Enum(table);
            case "list":
                return List(table);
            case var other:
                table.Report("type", $"must be one of {string.Join(", ", TypeNames)}{Spelling.Hint(other, TypeNames)}");
                return null;
        }
    }

    private static IntType? Int(TableReader table)
    {
        var min = table.Number("min", long.MinValue, long.MaxValue, required: true);
        var max = table.Number("max", long.MinValue, long.MaxValue, required: true);
        if (min > max)
        {
            table.Report("max", "must not be below min");
            return null;
        }

        return min is { } from && max is { } to ? new IntType(from, to) : null;
    }

    private static EnumType? Enum(TableReader table)
    {
        var nodes = table.Texts("values");
        foreach (var node in nodes.Where(static n => ScalarText.HasControls(n.Value)))
        {
            table.Report(node, "values", "must be single lines without control characters");
        }

        if (nodes.Count == 0)
        {
            table.Report("values", "must name at least one value");
            return null;
        }

        return new EnumType([.. nodes.Select(static n => n.Value)]);
    }

    private static ListType? List(TableReader table)
    {
        var items = table.Number("max_items", 1, ListType.MostItems, required: true);
        var length = table.Number("max", 1, TextType.Largest) ?? DefaultItemLength;
        return items is { } most ? new ListType((int)most, (int)length) : null;
    }
}
