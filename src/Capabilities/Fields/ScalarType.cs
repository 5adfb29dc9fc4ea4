using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace OpsAgent.Capabilities.Fields;

/// <summary>A type whose values are text of a certain form.</summary>
public abstract class ScalarType : FieldType
{
    private protected ScalarType()
    {
    }

    /// <summary>What a value must be, as in "must be ...".</summary>
    private protected abstract string Form { get; }

    /// <inheritdoc/>
    public sealed override bool TryRead(JsonElement element, [NotNullWhen(true)] out FieldValue? value, out string problem)
    {
        var valid = ScalarText.TryRead(element, out var text) && Accepts(text);
        value = valid ? new FieldValue(text!) : null;
        problem = valid ? "" : $"must be {Form}";
        return valid;
    }

    private protected abstract bool Accepts(string text);
}
