namespace OpsAgent.Capabilities.Reading;

/// <summary>The forms of names that the manifest gives.</summary>
internal static class Names
{
    /// <summary>What the monitor's table holds of a <c>msg_type</c>.</summary>
    public const int LongestMsgType = 50;

    /// <summary>What a name must be.</summary>
    public const string IdentifierForm = "is no name: a letter or '_', then letters, digits and '_', at most 50";

    /// <summary>A <c>msg_type</c>, lane, credential or field: a letter or '_', then letters, digits and '_'.</summary>
    public static bool IsIdentifier(string name, int max) =>
        name.Length > 0 && name.Length <= max && !char.IsAsciiDigit(name[0])
            && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');

    /// <summary>The name of an environment variable.</summary>
    public static bool IsVariable(string name) => IsIdentifier(name, 255);

    /// <summary>A variable's name, or the beginning of some with a <c>*</c> after it; never all of them.</summary>
    public static bool IsVariablePattern(string pattern) => IsVariable(pattern.EndsWith('*') ? pattern[..^1] : pattern);

    /// <summary>True if a pattern takes a variable.</summary>
    public static bool Covers(string pattern, string variable) => pattern.EndsWith('*')
        ? variable.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : pattern == variable;
}
