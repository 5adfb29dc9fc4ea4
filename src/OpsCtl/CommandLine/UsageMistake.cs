using System.CommandLine;
using System.CommandLine.Parsing;
using OpsAgent.Capabilities.Reading;

namespace OpsAgent.OpsCtl.CommandLine;

/// <summary>What is wrong with a command line, and where to look.</summary>
internal static class UsageMistake
{
    public static (string Message, string Advice) Of(ParseResult line)
    {
        var command = line.CommandResult.Command;
        var help = $"see {string.Join(' ', CommandTree.PathOf(command))} --help";
        if (line.UnmatchedTokens is [var token, ..])
        {
            return (Unknown(token, command), help);
        }

        return line.Errors is [var error, ..] && error.SymbolResult is OptionResult or ArgumentResult
            ? (string.Join("; ", line.Errors.Select(Problem)), help)
            : ($"{(command is RootCommand ? "" : $"{command.Name}: ")}a command is missing: {string.Join(", ", Commands(command))}", help);
    }

    /// <summary>True if -o json stands on the line, whatever else is wrong with it.</summary>
    public static bool AsksForJson(ParseResult line, GlobalOptions options) =>
        line.GetResult(options.Output) is { Tokens: [.., var last] } && last.Value == "json";

    private static string Unknown(string token, Command command)
    {
        var has = command is RootCommand ? "there is" : $"{command.Name} has";
        if (token.StartsWith('-') && token.Length > 1)
        {
            return $"{has} no option '{token}'{Spelling.Hint(token, Options(command))}";
        }

        return command.Subcommands.Count > 0
            ? $"{has} no command '{token}'{Spelling.Hint(token, Commands(command))}"
            : $"{command.Name} takes no further word: '{token}'";
    }

    private static string Problem(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Tokens.Count: 0, Option: var option } => $"{option.Name} needs a value",
        OptionResult { Option: { Arity.MaximumNumberOfValues: 1 } option, Tokens.Count: > 1 } => $"{option.Name} is given twice",
        ArgumentResult { Tokens.Count: 0, Argument: var argument } => $"the {argument.HelpName ?? argument.Name} is missing",
        _ => error.Message,
    };

    private static IEnumerable<string> Commands(Command command) => command.Subcommands.Where(static c => !c.Hidden).Select(static c => c.Name);

    private static IEnumerable<string> Options(Command command) =>
        Line(command).SelectMany((c, i) => c.Options.Where(o => i == 0 || o.Recursive)).SelectMany(static o => o.Aliases.Prepend(o.Name));

    /// <summary>The command and those above it.</summary>
    private static IEnumerable<Command> Line(Command command)
    {
        for (Command? next = command; next is not null; next = next.Parents.OfType<Command>().FirstOrDefault())
        {
            yield return next;
        }
    }
}
