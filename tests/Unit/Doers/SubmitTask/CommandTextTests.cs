using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OpsAgent.Doers.SubmitTask.Command;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers.SubmitTask;

public sealed class CommandTextTests
{
    [Theory]
    [InlineData("prun --a b", "prun|--a|b")]
    [InlineData("prun \\\n  --a b \\\n  --c\n", "prun|--a|b|--c")]
    [InlineData("prun --a b\n\n  \n", "prun|--a|b")]
    [InlineData("prun a\\\nb", "prun|ab")]
    [InlineData("prun \"a\\\nb\"", "prun|ab")]
    [InlineData("prun 'a\\\nb'", "prun|a\\\nb")]
    [InlineData("prun 'a\nb; $(c) `d` \"'", "prun|a\nb; $(c) `d` \"")]
    [InlineData("prun \"a\nb;&<>()*?[{~#\"", "prun|a\nb;&<>()*?[{~#")]
    [InlineData("prun \"\\$x \\` \\\" \\\\ \\n\"", "prun|$x ` \" \\ \\n")]
    [InlineData("prun \\$x \\; \\* \\'", "prun|$x|;|*|'")]
    [InlineData("prun '' \"\"", "prun||")]
    [InlineData("prun a''b\"c\"'d'", "prun|abcd")]
    [InlineData("prun a~b a#b \\~ '~'", "prun|a~b|a#b|~|~")]
    [InlineData("prun %RNDM:100 a=b] }x", "prun|%RNDM:100|a=b]|}x")]
    [InlineData("prun 'it'\"'\"'s'", "prun|it's")]
    [InlineData("prun\t--a\tb", "prun|--a|b")]
    [InlineData("prun \\\n", "prun")]
    public void Words_are_as_a_shell_makes_them(string text, string words) =>
        Assert.Equal(words.Split('|'), CommandText.Split(text).Select(w => w.Text));

    [Theory]
    [InlineData("prun ;", 1, 6, "unquoted ';'")]
    [InlineData("prun &", 1, 6, "unquoted '&'")]
    [InlineData("prun a|b", 1, 7, "unquoted '|'")]
    [InlineData("prun <a", 1, 6, "unquoted '<'")]
    [InlineData("prun >a", 1, 6, "unquoted '>'")]
    [InlineData("prun (a", 1, 6, "unquoted '('")]
    [InlineData("prun )a", 1, 6, "unquoted ')'")]
    [InlineData("prun `a`", 1, 6, "unquoted backtick")]
    [InlineData("prun \"`a`\"", 1, 7, "backtick in double quotes")]
    [InlineData("prun $a", 1, 6, "unquoted '$'")]
    [InlineData("prun \"a$b\"", 1, 8, "'$' in double quotes")]
    [InlineData("prun a*", 1, 7, "unquoted '*', a pattern")]
    [InlineData("prun ?", 1, 6, "unquoted '?', a pattern")]
    [InlineData("prun [a]", 1, 6, "unquoted '[', a pattern")]
    [InlineData("prun {a,b}", 1, 6, "unquoted '{', a pattern")]
    [InlineData("prun ~/x", 1, 6, "'~' at the beginning of a word")]
    [InlineData("prun # x", 1, 6, "unquoted '#' at the beginning of a word, a comment")]
    [InlineData("prun a\nid", 1, 7, "unquoted newline, which begins another command")]
    [InlineData("\nprun", 1, 1, "unquoted newline, which begins another command")]
    [InlineData("prun a\n# x", 1, 7, "unquoted newline, which begins another command")]
    [InlineData("prun \\\n  --a \\\n  'b", 3, 3, "single quote that is never closed")]
    [InlineData("prun \"a\\\"", 1, 6, "double quote that is never closed")]
    [InlineData("prun a\\", 1, 7, "backslash at the end of the text")]
    [InlineData("prun \0", 1, 6, "control character U+0000")]
    [InlineData("prun 'a\u001b'", 1, 8, "control character U+001B")]
    [InlineData("prun \\\r\n --a", 1, 7, "control character U+000D")]
    [InlineData("prun a\u0085b", 1, 7, "control character U+0085")]
    [InlineData("\n", 1, 1, "the text is empty")]
    public void What_is_more_than_words_is_refused_with_its_name_and_place(string text, int line, int column, string what)
    {
        var refused = Assert.Throws<CommandRefusedException>(() => CommandText.Split(text));

        Assert.Equal($"the command is refused at {line}:{column}: {what}", refused.Message);
    }

    [Fact]
    public async Task What_is_accepted_is_split_as_the_systems_own_shell_splits_it()
    {
        var lines = Lines("ab=-.:/%,+ \t'\"\\\n$`;*~#{}[]!^é").Concat(Lines("ab '\"\\\n$;"));
        var accepted = lines.Select(line => (Line: line, Words: Accepted(line))).Where(l => l.Words is not null).ToList();

        Assert.True(accepted.Count > 500, $"only {accepted.Count} were accepted");
        var shell = await ShellWordsAsync([.. accepted.Select(l => l.Line)]);

        for (var i = 0; i < accepted.Count; i++)
        {
            Assert.True(accepted[i].Words!.SequenceEqual(shell[i]), $"{accepted[i].Line}\nours: {string.Join('|', accepted[i].Words!)}\nsh: {string.Join('|', shell[i])}");
        }
    }

    private static string[] Lines(string characters) =>
        Gen.ListOf(Gen.Elements(characters.ToCharArray())).Select(static list => "prun " + string.Concat(list)).Resize(12).Sample(8000);

    private static List<string>? Accepted(string line)
    {
        try
        {
            return [.. CommandText.Split(line).Select(w => w.Text)];
        }
        catch (CommandRefusedException)
        {
            return null;
        }
    }

    /// <summary>All lines in one script of one shell, each in a function's call, so that thousands take a second.</summary>
    private static async Task<List<List<string>>> ShellWordsAsync(List<string> lines)
    {
        var script = new StringBuilder("prun() { printf '%s\\0' prun \"$@\"; printf '\\1\\0'; }\n");
        lines.ForEach(line => script.Append(line).Append('\n'));
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        using var shell = Process.Start(start)!;
        var reading = shell.StandardOutput.ReadToEndAsync();
        await shell.StandardInput.WriteAsync(script.ToString());
        shell.StandardInput.Close();
        var said = await reading;
        await shell.WaitForExitAsync();
        return [.. said.Split("\u0001\0", StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\0')[..^1].ToList())];
    }
}
