using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace OpsAgent.Capabilities.Fields;

/// <summary>Python's truth of whatever the message holds: <c>"false"</c> is true. Never missing, never invalid.</summary>
public sealed class FlagType : FieldType
{
    /// <inheritdoc/>
    public override string Name => "flag";

    /// <inheritdoc/>
    public override bool MayBeginArgument => true;

    /// <inheritdoc/>
    public override bool IsMissing(JsonElement element, bool required) => false;

    /// <inheritdoc/>
    public override bool TryRead(JsonElement element, [NotNullWhen(true)] out FieldValue? value, out string problem)
    {
        value = FieldValue.Flag(PythonTruth.Of(element));
        problem = "";
        return true;
    }
}
