using System.CommandLine;

namespace OpsAgent.OpsCtl.CommandLine;

/// <summary>Walks the tree of commands: what help, completion and the manual are made from.</summary>
internal static class CommandTree
{
    /// <summary>The program, whatever file its root command takes its name from.</summary>
    public const string Program = "opsctl";

    /// <summary>How lines are read. No response files: a field such as "@name" is a field.</summary>
    public static ParserConfiguration Parsing { get; } = new() { ResponseFileTokenReplacer = null };

    /// <summary>The command and all below it that are shown, parents first.</summary>
    public static IEnumerable<Command> Visible(Command command) =>
        command.Subcommands.Where(static c => !c.Hidden).SelectMany(Visible).Prepend(command);

    /// <summary>The words that call a command, for example opsctl, work, list.</summary>
    public static IReadOnlyList<string> PathOf(Command command) =>
        ParentOf(command) is { } parent ? [.. PathOf(parent), command.Name] : [Program];

    public static Command? ParentOf(Command command) => command.Parents.OfType<Command>().FirstOrDefault();

    /// <summary>A command's own options, without those that it shares with all others.</summary>
    public static IEnumerable<Option> OwnOptionsOf(Command command) =>
        command.Options.Where(static o => !o.Hidden && !o.Recursive);

    /// <summary>Options of a command's parents that it takes too.</summary>
    public static IEnumerable<Option> SharedOptionsOf(Command command)
    {
        var shared = command.Options.Where(static o => !o.Hidden && o.Recursive);
        return ParentOf(command) is { } parent ? shared.Concat(SharedOptionsOf(parent)) : shared;
    }

    /// <summary>Its name and its aliases, the short ones first; without those of other systems, such as <c>/h</c>.</summary>
    public static IReadOnlyList<string> NamesOf(Option option) =>
        [.. option.Aliases.Append(option.Name).Where(static n => n.StartsWith('-')).Distinct().OrderBy(static n => n.Length)];

    /// <summary>True if something must follow the option's name.</summary>
    public static bool TakesValue(Option option) => option.Arity.MinimumNumberOfValues > 0;
}
