using System.Text.RegularExpressions;

namespace OpsAgent.Tests.Unit.Architecture;

/// <summary>Rules of style that no analyzer of ours holds.</summary>
internal static partial class SourceRules
{
    public const int LongestFile = 400;

    private static readonly string[] EmptyWords = ["Helper", "Manager", "Utils", "Utilities", "Common"];

    /// <summary>One line for each rule that the file breaks.</summary>
    public static IEnumerable<string> Breaches(string path, string text)
    {
        var lines = LineCount(text);
        if (lines > LongestFile)
        {
            yield return $"{path}: {lines} lines, at most {LongestFile}";
        }

        if (BlockNamespace().IsMatch(text))
        {
            yield return $"{path}: the namespace is not file-scoped";
        }

        if (WaitForAnyChild().IsMatch(text))
        {
            yield return $"{path}: waiting for any child steals the exit codes of others; wait for a pid";
        }

        if (UnexplainedPragma().Match(text) is { Success: true } pragma)
        {
            yield return $"{path}: {pragma.Value.Trim()}: say why on the same line";
        }

        foreach (var name in TypeNames(text).Where(IsEmpty))
        {
            yield return $"{path}: {name} is named after no thing of the field";
        }
    }

    public static int LineCount(string text) => text.Count(c => c == '\n') + (text.EndsWith('\n') || text.Length == 0 ? 0 : 1);

    private static bool IsEmpty(string name) => EmptyWords.Any(word => name.Contains(word, StringComparison.Ordinal));

    private static IEnumerable<string> TypeNames(string text) =>
        TypeDeclaration().Matches(text).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"^\s*namespace\s+[\w.]+\s*(\{|$)", RegexOptions.Multiline)]
    private static partial Regex BlockNamespace();

    [GeneratedRegex(@"\bwaitpid\s*\(\s*-\s*1\b", RegexOptions.IgnoreCase)]
    private static partial Regex WaitForAnyChild();

    [GeneratedRegex(@"^\s*#pragma warning disable[^/\n]*$", RegexOptions.Multiline)]
    private static partial Regex UnexplainedPragma();

    // Nothing behind a comment or within a string: both are in front of the keyword.
    [GeneratedRegex(@"^[^/""\n]*\b(?:class|struct|interface|enum|record(?:\s(?:class|struct))?)\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();
}
