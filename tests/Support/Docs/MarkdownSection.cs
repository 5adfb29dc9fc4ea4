using System.Text.RegularExpressions;

namespace OpsAgent.Tests.Support.Docs;

/// <summary>What stands below one heading, blocks of code apart.</summary>
/// <param name="Heading">Its text; empty above the first.</param>
/// <param name="Line">Where the heading stands, from 1.</param>
public sealed partial record MarkdownSection(string Heading, int Line)
{
    private readonly List<string> _lines = [];

    /// <summary>The text.</summary>
    public string Text => string.Join('\n', _lines);

    /// <summary>What a link to it names, as GitHub makes it.</summary>
    public string Anchor => NotInAnchor().Replace(Heading.ToLowerInvariant(), "").Replace(' ', '-');

    /// <summary>Its tables, each a list of rows, each a list of cells; heads and their rulers left out.</summary>
    public IReadOnlyList<IReadOnlyList<IReadOnlyList<string>>> Tables
    {
        get
        {
            var tables = new List<IReadOnlyList<IReadOnlyList<string>>>();
            var rows = new List<IReadOnlyList<string>>();
            foreach (var line in _lines.Append(""))
            {
                if (line.StartsWith('|'))
                {
                    rows.Add([.. line.Trim('|').Split('|').Select(static c => c.Trim())]);
                }
                else if (rows.Count > 0)
                {
                    tables.Add([.. rows.Skip(2)]);
                    rows = [];
                }
            }

            return tables;
        }
    }

    /// <summary>What is marked as code in a text.</summary>
    public static IReadOnlyList<string> CodeIn(string text) => [.. Code().Matches(text).Select(static m => m.Groups[1].Value)];

    /// <summary>What is marked as code in the first cells of a table's rows.</summary>
    public IReadOnlyList<string> FirstCells(int table = 0) => [.. Tables[table].SelectMany(static r => CodeIn(r[0]))];

    internal void Add(string line) => _lines.Add(line);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}
