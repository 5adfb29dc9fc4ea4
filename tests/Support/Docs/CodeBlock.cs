using System.Text.RegularExpressions;

namespace OpsAgent.Tests.Support.Docs;

/// <summary>A fenced block of a page.</summary>
/// <param name="Language">What stands behind the fence; empty if nothing does.</param>
/// <param name="Text">Its lines, each with its end.</param>
/// <param name="Line">Where its first line stands, from 1.</param>
public sealed partial record CodeBlock(string Language, string Text, int Line)
{
    /// <summary>The file that a comment in its first two lines names; empty if none does.</summary>
    public string Name => NameComment().Match(Text) is { Success: true } m ? m.Groups[1].Value : "";

    /// <summary>True if this block, as what a program shall print, is what it printed: <c>&lt;word&gt;</c> stands for any word.</summary>
    public bool IsOutput(string printed) =>
        Regex.IsMatch(printed, $@"\A{Placeholder().Replace(Regex.Escape(Text), @"\S+")}\z", RegexOptions.None, TimeSpan.FromSeconds(5));

    [GeneratedRegex(@"\A(?:#!.*\n)?(?:#|//) (\S+)\n")]
    private static partial Regex NameComment();

    [GeneratedRegex("<[a-z_]+>")]
    private static partial Regex Placeholder();
}
