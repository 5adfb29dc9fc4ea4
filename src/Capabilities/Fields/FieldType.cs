using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace OpsAgent.Capabilities.Fields;

/// <summary>
/// What a field may hold. A type never throws on a message, whatever is in it, and what it lets through is safe for the
/// places that it says it is safe for.
/// </summary>
public abstract class FieldType
{
    private protected FieldType()
    {
    }

    /// <summary>The manifest's name for it.</summary>
    public abstract string Name { get; }

    /// <summary>True if a value is one path segment: no separator, not <c>.</c> or <c>..</c>.</summary>
    public virtual bool IsPathSegment => false;

    /// <summary>
    /// True if a value may begin an argument: it can be neither an option (<c>-</c>) nor a response file (<c>@</c>).
    /// </summary>
    public virtual bool MayBeginArgument => false;

    /// <summary>Its name and limits, for example <c>text(200)</c>.</summary>
    public override string ToString() => Name;

    /// <summary>
    /// True if the value counts as missing. The facility's programs test presence by Python's truth: null, false, 0, "", []
    /// and {} are missing.
    /// </summary>
    public virtual bool IsMissing(JsonElement element, bool required) => !PythonTruth.Of(element);

    /// <summary>Reads a value that is not missing.</summary>
    /// <param name="element">The value.</param>
    /// <param name="value">What it is, if it is valid.</param>
    /// <param name="problem">What is needed instead, without quoting the value; empty if it is valid.</param>
    public abstract bool TryRead(JsonElement element, [NotNullWhen(true)] out FieldValue? value, out string problem);
}
