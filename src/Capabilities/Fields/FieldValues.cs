using System.Security.Cryptography;
using System.Text;
using OpsAgent.Capabilities.Templates;

namespace OpsAgent.Capabilities.Fields;

/// <summary>
/// The fields of one message that are valid, also when others are not: an event for a refusal may still name the job
/// that it is about.
/// </summary>
public sealed class FieldValues
{
    private readonly Dictionary<string, FieldValue?> _valid;
    private readonly IReadOnlySet<string> _declared;

    internal FieldValues(IReadOnlySet<string> declared, Dictionary<string, FieldValue?> valid)
    {
        _declared = declared;
        _valid = valid;
    }

    /// <summary>The value; null if it is missing or not valid.</summary>
    public FieldValue? this[string name] => _valid.GetValueOrDefault(name);

    /// <summary>True if the capability has such a field.</summary>
    public bool Declares(string name) => _declared.Contains(name);

    /// <summary>True for a valid value and for a missing one that may be missing.</summary>
    public bool IsValid(string name) => _valid.ContainsKey(name);

    /// <summary>What a template puts in for a field; null if it is missing.</summary>
    internal string? Text(TemplatePart.Variable variable) => this[variable.Name] is { } value
        ? variable.Modifier == TemplateModifier.Sorted
            ? string.Join(',', value.Items.Order(StringComparer.Ordinal))
            : Modify(variable, value.Text)
        : null;

    /// <summary>Applies a variable's modifier to its text.</summary>
    internal static string? Modify(TemplatePart.Variable variable, string? text) =>
        variable.Modifier == TemplateModifier.Hash && text is not null
            ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32]
            : text;
}
