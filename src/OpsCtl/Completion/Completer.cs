using System.CommandLine;
using System.CommandLine.Parsing;
using OpsAgent.OpsCtl.CommandLine;

namespace OpsAgent.OpsCtl.Completion;

/// <summary>Says what may stand at the cursor of a command line, from the tree of commands.</summary>
internal sealed class Completer(RootCommand root, ValueSource values)
{
    /// <param name="before">The words before the cursor's.</param>
    /// <param name="current">The cursor's word as far as it is written.</param>
    /// <param name="cancellationToken">Ends the search for words from outside.</param>
    /// <returns>All words for this place; which of them begin as the current one is for the shell to say.</returns>
    public async Task<Answer> AnswerAsync(IReadOnlyList<string> before, string current, CancellationToken cancellationToken)
    {
        var line = root.Parse(before, CommandTree.Parsing);
        var command = line.CommandResult.Command;
        if (line.Tokens.Any(static t => t.Type == TokenType.DoubleDash))
        {
            return await ArgumentAsync(line, command, current, cancellationToken);
        }

        var options = CommandTree.OwnOptionsOf(command).Concat(CommandTree.SharedOptionsOf(command)).ToList();
        if (line.Tokens is [.., { Type: TokenType.Option } last] && Named(options, last.Value) is { } open && CommandTree.TakesValue(open))
        {
            return await values.OfAsync(open, line, cancellationToken);
        }

        if (current.StartsWith('-'))
        {
            var equals = current.IndexOf('=', StringComparison.Ordinal);
            return equals < 0 ? Answer.Words(Options(options, line))
                : Named(options, current[..equals]) is { } given && CommandTree.TakesValue(given)
                    ? Prefixed(current[..(equals + 1)], await values.OfAsync(given, line, cancellationToken))
                    : Answer.Nothing;
        }

        var subcommands = command.Subcommands.Where(static c => !c.Hidden).ToList();
        if (subcommands.Count > 0)
        {
            return line.UnmatchedTokens.Count > 0
                ? Answer.Nothing
                : Answer.Words(subcommands.Select(static c => new Suggestion(c.Name, SafeWord.Describe(c.Description))));
        }

        var answer = await ArgumentAsync(line, command, current, cancellationToken);
        return answer == Answer.Nothing && current.Length == 0 ? Answer.Words(Options(options, line)) : answer;
    }

    private async Task<Answer> ArgumentAsync(ParseResult line, Command command, string current, CancellationToken cancellationToken)
    {
        var argument = command.Arguments.FirstOrDefault(
            a => !a.Hidden && (line.GetResult(a)?.Tokens.Count ?? 0) < a.Arity.MaximumNumberOfValues);
        return argument is null || (current.Contains('=', StringComparison.Ordinal) && argument.HelpName == ValueSource.Field)
            ? Answer.Nothing
            : await values.OfAsync(argument, line, cancellationToken);
    }

    /// <summary>Options that may still be given, in the order of the help.</summary>
    private static IEnumerable<Suggestion> Options(List<Option> options, ParseResult line) =>
        from option in options
        where line.GetResult(option) is not { Implicit: false }
        from name in CommandTree.NamesOf(option)
        where name != "-?" // to a shell it is a pattern
        select new Suggestion(name, SafeWord.Describe(option.Description));

    private static Option? Named(List<Option> options, string name) =>
        options.FirstOrDefault(o => o.Name == name || o.Aliases.Contains(name));

    private static Answer Prefixed(string prefix, Answer answer) =>
        answer with { Suggestions = [.. answer.Suggestions.Select(s => s with { Word = prefix + s.Word })] };
}
