using OpsAgent.Tests.Support.Docs;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Drills;

/// <summary>A drill of docs/operations.md, as it stands there.</summary>
internal sealed class Drill
{
    private readonly string _title;
    private readonly string _text;

    private Drill(string title, string text) => (_title, _text) = (title, text);

    /// <summary>The one of that title, which is the paragraph's beginning in bold.</summary>
    public static Drill Of(string title)
    {
        var paragraphs = MarkdownPage.Read("docs/operations.md").Section("Drills").Text.Split("\n\n");
        return new Drill(title, Assert.Single(paragraphs, p => p.TrimStart().StartsWith($"**{title}", StringComparison.Ordinal)).Replace('\n', ' '));
    }

    /// <summary>The command that it gives and that begins so.</summary>
    /// <param name="beginning">Its first words.</param>
    /// <param name="meant">What stands for a name in capitals, or for what is left out.</param>
    public string Command(string beginning, params (string Name, string Value)[] meant)
    {
        var commands = MarkdownSection.CodeIn(_text).Where(c => c.StartsWith(beginning, StringComparison.Ordinal)).Distinct().ToList();
        Assert.True(commands.Count == 1, $"the drill '{_title}' has not one command that begins with '{beginning}', but {commands.Count}");
        return meant.Aggregate(commands[0], (command, m) => command.Replace(m.Name, m.Value, StringComparison.Ordinal));
    }

    /// <summary>It promises these words, which the caller has seen.</summary>
    public string Says(string words)
    {
        Assert.Contains(words, _text, StringComparison.Ordinal);
        return words;
    }
}
