using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace OpsAgent.Capabilities.Fields;

/// <summary>
/// A whole number within limits, as a number or as text; templates get its shortest form. The number 0 is missing by
/// Python's truth, so a required field refuses it and a range above 0 takes its default; only where the field is
/// optional and the range holds 0 is it the value that the sender meant. The text "0" is true to Python and thus always
/// looked at as a value.
/// </summary>
public sealed class IntType(long min, long max) : FieldType
{
    /// <inheritdoc/>
    public override string Name => "int";

    /// <inheritdoc/>
    public override bool IsPathSegment => min >= 0;

    /// <inheritdoc/>
    public override bool MayBeginArgument => min >= 0;

    /// <inheritdoc/>
    public override string ToString() => $"int({min}, {max})";

    /// <inheritdoc/>
    public override bool IsMissing(JsonElement element, bool required) =>
        base.IsMissing(element, required) && (required || element.ValueKind != JsonValueKind.Number || min > 0 || max < 0);

    /// <inheritdoc/>
    public override bool TryRead(JsonElement element, [NotNullWhen(true)] out FieldValue? value, out string problem)
    {
        value = ScalarText.TryRead(element, out var text)
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && text[0] != '+' && number >= min && number <= max
                ? new FieldValue(number.ToString(CultureInfo.InvariantCulture))
                : null;
        problem = value is null ? $"must be a whole number from {min} to {max}" : "";
        return value is not null;
    }
}
