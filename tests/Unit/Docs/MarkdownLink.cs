using System.Text.RegularExpressions;
using OpsAgent.Tests.Support.Docs;
using OpsAgent.Tests.Unit.Architecture;

namespace OpsAgent.Tests.Unit.Docs;

/// <summary>A link of a page to another file, or to a heading.</summary>
/// <param name="Target">As the page spells it.</param>
internal sealed partial record MarkdownLink(string Target)
{
    /// <summary>The links of a text that lead to files; those to other hosts are left out.</summary>
    public static IEnumerable<MarkdownLink> In(string text) =>
        Link().Matches(text).Select(m => m.Groups[1].Value).Where(t => !t.Contains("://", StringComparison.Ordinal)).Select(t => new MarkdownLink(t));

    /// <summary>True if its file, and the heading in it, are there.</summary>
    /// <param name="from">The page that has it, by path from the root.</param>
    public bool Leads(string from)
    {
        var parts = Target.Split('#');
        var file = parts[0].Length == 0 ? from : Path.Combine(Path.GetDirectoryName(from)!, parts[0]);
        var path = Path.GetRelativePath(Checkout.Root, Path.GetFullPath(Path.Combine(Checkout.Root, file)));
        return parts.Length == 1
            ? Path.Exists(Path.Combine(Checkout.Root, path))
            : File.Exists(Path.Combine(Checkout.Root, path)) && MarkdownPage.Read(path).Sections.Any(s => s.Anchor == parts[1]);
    }

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
