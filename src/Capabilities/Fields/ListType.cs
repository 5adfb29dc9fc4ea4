using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace OpsAgent.Capabilities.Fields;

/// <summary>Some lines of text; one string or integer alone is a list of one.</summary>
/// <param name="maxItems">At most so many.</param>
/// <param name="max">Each at most so long, in UTF-16 units.</param>
public sealed class ListType(int maxItems, int max) : FieldType
{
    /// <summary>The largest number of items that a manifest may allow.</summary>
    public const int MostItems = 1000;

    /// <inheritdoc/>
    public override string Name => "list";

    /// <inheritdoc/>
    public override string ToString() => $"list({maxItems} x {max})";

    /// <inheritdoc/>
    public override bool TryRead(JsonElement element, [NotNullWhen(true)] out FieldValue? value, out string problem)
    {
        value = null;
        problem = $"must be 1 to {maxItems} lines of 1 to {max} characters";
        var items = new List<string>();
        if (element.ValueKind != JsonValueKind.Array)
        {
            if (!TryTake(element, items))
            {
                return false;
            }
        }
        else if (element.GetArrayLength() > maxItems)
        {
            return false;
        }
        else
        {
            foreach (var item in element.EnumerateArray())
            {
                if (!TryTake(item, items))
                {
                    return false;
                }
            }
        }

        value = new FieldValue(string.Join(',', items), items);
        problem = "";
        return true;
    }

    private bool TryTake(JsonElement element, List<string> items)
    {
        if (!ScalarText.TryRead(element, out var text) || text.Length == 0 || text.Length > max || ScalarText.HasControls(text))
        {
            return false;
        }

        items.Add(text);
        return true;
    }
}
