using System.Text.RegularExpressions;

namespace OpsAgent.Tests.Support.Docs;

/// <summary>A page of the documentation, as far as tests look at it.</summary>
public sealed partial class MarkdownPage
{
    private MarkdownPage(string path, string text)
    {
        Path = path;
        var blocks = new List<CodeBlock>();
        var section = new MarkdownSection("", 1);
        var sections = new List<MarkdownSection> { section };
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                var begin = i + 1;
                i = Array.IndexOf(lines, "```", begin);
                var end = i >= 0 ? i : throw new FormatException($"{path}:{begin}: the block has no end");
                blocks.Add(new CodeBlock(lines[begin - 1][3..], string.Concat(lines[begin..end].Select(l => l + "\n")), begin + 1));
            }
            else if (Heading().Match(lines[i]) is { Success: true } heading)
            {
                section = new MarkdownSection(heading.Groups[1].Value, i + 1);
                sections.Add(section);
            }
            else
            {
                section.Add(lines[i]);
            }
        }

        Blocks = blocks;
        Sections = sections;
    }

    /// <summary>From the root of the checkout.</summary>
    public string Path { get; }

    /// <summary>The fenced blocks, in their order.</summary>
    public IReadOnlyList<CodeBlock> Blocks { get; }

    /// <summary>The text apart from the blocks, by heading; the first has none.</summary>
    public IReadOnlyList<MarkdownSection> Sections { get; }

    /// <summary>Reads one.</summary>
    /// <param name="path">From the root of the checkout.</param>
    public static MarkdownPage Read(string path) => new(path, File.ReadAllText(System.IO.Path.Combine(Repository.Root, path)));

    /// <summary>The block that is named so by a comment in its first lines.</summary>
    public CodeBlock Block(string name) =>
        Blocks.SingleOrDefault(b => b.Name == name) ?? throw new KeyNotFoundException($"{Path} has not one block '{name}'");

    /// <summary>The blocks in one language.</summary>
    public IReadOnlyList<CodeBlock> BlocksIn(string language) => [.. Blocks.Where(b => b.Language == language)];

    /// <summary>The block that tells what another prints; null if what follows is none.</summary>
    public CodeBlock? OutputOf(CodeBlock block)
    {
        var next = Blocks.SkipWhile(b => b != block).Skip(1).FirstOrDefault();
        return next is { Language: "text" } ? next : null;
    }

    /// <summary>The section of that heading, marks of code left out.</summary>
    public MarkdownSection Section(string heading) =>
        Sections.SingleOrDefault(s => s.Heading.Replace("`", "", StringComparison.Ordinal) == heading)
        ?? throw new KeyNotFoundException($"{Path} has not one section '{heading}'");

    [GeneratedRegex("^#+ (.+)$")]
    private static partial Regex Heading();
}
