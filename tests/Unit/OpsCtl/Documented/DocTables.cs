using System.Text.RegularExpressions;
using OpsAgent.Tests.Support;

namespace OpsAgent.Tests.Unit.OpsCtl.Documented;

/// <summary>The tables of docs/opsctl.md.</summary>
internal static partial class DocTables
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "opsctl.md"));

    /// <summary>The rows of the table with that head: the words of the first column, the text of the second.</summary>
    public static IReadOnlyList<(string Key, string Value)> Rows(string firstTitle, string secondTitle)
    {
        var table = Text[Text.IndexOf($"| {firstTitle} | {secondTitle} |\n", StringComparison.Ordinal)..].Split('\n')
            .TakeWhile(static l => l.StartsWith('|')).Skip(2);
        return [.. table.Select(static l => l.Split(" | ", 2)).Select(static c => (c[0].Trim('|', ' ', '`'), c[1].TrimEnd('|', ' ')))];
    }

    /// <summary>The shapes of a row: its pieces of code that are one.</summary>
    public static IReadOnlyList<DocShape> Shapes(string cell) =>
        [.. Code().Matches(cell.Split(';')[0] + cell[ShapesAfterText(cell)..]).Select(static m => DocShape.Parse(m.Groups[1].Value)).DistinctBy(static s => s)];

    private static int ShapesAfterText(string cell) => cell.IndexOf("; last ", StringComparison.Ordinal) is > 0 and var at ? at : cell.Length;

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
