using OpsAgent.Capabilities.Fields;
using OpsAgent.Capabilities.Keys;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Reads a field's <c>type</c> and its limits.</summary>
internal static class FieldTypeReader
{
    private static readonly Dictionary<FieldTypeForm, Func<TableReader, FieldType?>> Readers = new()
    {
        [FieldTypeForm.Id] = static _ => new IdType(),
        [FieldTypeForm.FileName] = static _ => new FileNameType(),
        [FieldTypeForm.TaskName] = static _ => new TaskNameType(),
        [FieldTypeForm.RucioScope] = static _ => new RucioScopeType(),
        [FieldTypeForm.Flag] = static _ => new FlagType(),
        [FieldTypeForm.Text] = static t => t.Number(FieldTypeForm.TextLength) is { } length ? new TextType((int)length) : null,
        [FieldTypeForm.Json] = static t => t.Number(FieldTypeForm.JsonLength) is { } size ? new JsonType((int)size) : null,
        [FieldTypeForm.Int] = Int,
        [FieldTypeForm.Enum] = Enum,
        [FieldTypeForm.List] = List,
    };

    /// <summary>The type; null if there is a mistake in it, which is then reported.</summary>
    public static FieldType? Read(TableReader table) =>
        table.Word(FieldKeys.Type) is { } name ? Readers[FieldTypeForm.All.Single(f => f.Name == name)](table) : null;

    private static IntType? Int(TableReader table)
    {
        var min = table.Number(FieldTypeForm.Least);
        var max = table.Number(FieldTypeForm.Most);
        if (min > max)
        {
            table.Report(FieldTypeForm.Most, "must not be below min");
            return null;
        }

        return min is { } from && max is { } to ? new IntType(from, to) : null;
    }

    private static EnumType? Enum(TableReader table)
    {
        var nodes = table.Texts(FieldTypeForm.Values);
        foreach (var node in nodes.Where(static n => ScalarText.HasControls(n.Value)))
        {
            table.Report(node, FieldTypeForm.Values, "must be single lines without control characters");
        }

        if (nodes.Count == 0)
        {
            table.Report(FieldTypeForm.Values, "must name at least one value");
            return null;
        }

        return new EnumType([.. nodes.Select(static n => n.Value)]);
    }

    private static ListType? List(TableReader table)
    {
        var items = table.Number(FieldTypeForm.MostItems);
        var length = table.Number(FieldTypeForm.ItemLength);
        return items is { } most && length is { } longest ? new ListType((int)most, (int)longest) : null;
    }
}
