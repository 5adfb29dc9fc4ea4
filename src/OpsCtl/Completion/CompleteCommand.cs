using System.CommandLine;
using OpsAgent.OpsCtl.CommandLine;

namespace OpsAgent.OpsCtl.Completion;

/// <summary>
/// opsctl __complete, which the completion scripts call: first a line that says who completes (words, files or folders), then one
/// line a word; for zsh and fish with a tab and its description. Whatever goes wrong, nothing is said: somebody is typing.
/// </summary>
internal static class CompleteCommand
{
    public const string Name = "__complete";

    public static Command Build(RootCommand root, GlobalOptions options, Surroundings surroundings)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        var words = new Argument<string[]>("words")
        {
            Description = "zsh, fish: the line's words, the last that at the cursor; bash: the line and what of it is to be replaced",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new OpsCommand(Name, "What may stand at the cursor; for the completion scripts.", "opsctl __complete fish -- work ''")
        {
            shell, words,
        };
        command.Hidden = true;
        command.SetAction(async (line, cancellationToken) =>
        {
            var completer = new Completer(root, new ValueSource(root, options, surroundings));
            var text = await TextAsync(line.GetRequiredValue(shell), line.GetRequiredValue(words), completer, surroundings, cancellationToken);
            await surroundings.Out.WriteAsync(text);
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<string> TextAsync(
        string shell, string[] given, Completer completer, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var isBash = shell == "bash";
        var words = isBash ? BashLine.Parse(given[0]).Words : given;
        var current = words[^1];
        var answer = await AnswerAsync(completer, [.. words.SkipLast(1).Select(AtHome)], current, cancellationToken);
        var lines = isBash
            ? Remainders(answer.Suggestions, current, given.Length > 1 ? given[1] : current)
            : answer.Suggestions.Select(static s => $"{s.Word}\t{s.Description}");
        return string.Concat(lines.Prepend(answer.Kind.ToString().ToLowerInvariant()).Select(static l => l + '\n'));

        // The shell has not expanded yet what stands on the line.
        string AtHome(string word) => word.StartsWith("~/", StringComparison.Ordinal) ? surroundings.HomeFolder + word[1..] : word;
    }

    private static async Task<Answer> AnswerAsync(
        Completer completer, string[] before, string current, CancellationToken cancellationToken)
    {
        try
        {
            return await completer.AnswerAsync(before, current, cancellationToken);
        }
        catch (Exception)
        {
            // Nobody asked a question whose answer could be an error: the place just has no words.
            return Answer.Nothing;
        }
    }

    /// <summary>
    /// Bash takes only words that begin as the current one does, and replaces just what follows the last of its word breaks.
    /// </summary>
    private static IEnumerable<string> Remainders(IEnumerable<Suggestion> suggestions, string current, string replaced)
    {
        var kept = current.EndsWith(replaced, StringComparison.Ordinal) ? current.Length - replaced.Length : 0;
        return suggestions.Where(s => s.Word.StartsWith(current, StringComparison.Ordinal)).Select(s => s.Word[kept..]);
    }
}
