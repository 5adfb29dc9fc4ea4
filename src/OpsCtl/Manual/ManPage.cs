using System.CommandLine;
using System.CommandLine.Help;
using OpsAgent.OpsCtl.CommandLine;

namespace OpsAgent.OpsCtl.Manual;

/// <summary>The page of one command, made of its place in the tree.</summary>
internal sealed class ManPage
{
    private readonly Command _command;
    private readonly RoffPage _page;

    private ManPage(Command command, DateOnly date)
    {
        _command = command;
        var version = typeof(ManPage).Assembly.GetName().Version!.ToString(3);
        _page = new RoffPage(NameOf(command), date, $"{CommandTree.Program} {version}");
    }

    /// <summary>For example opsctl-work-list.</summary>
    public static string NameOf(Command command) => string.Join('-', CommandTree.PathOf(command));

    /// <summary>For example opsctl-work-list.1.</summary>
    public static string FileOf(Command command) => $"{NameOf(command)}.1";

    public static string Of(Command command, DateOnly date)
    {
        var page = new ManPage(command, date);
        page.Name();
        page.Synopsis();
        page.Description();
        page.Arguments();
        page.Options();
        page.Commands();
        page.ExitStatus();
        page.Environment();
        page.Files();
        page.Examples();
        page.SeeAlso();
        return page._page.ToString();
    }

    private IEnumerable<Command> Subcommands => _command.Subcommands.Where(static c => !c.Hidden);

    private string Call => string.Join(' ', CommandTree.PathOf(_command));

    private void Name()
    {
        var first = (_command.Description ?? "").Split(". ")[0].TrimEnd('.');
        _page.Section("NAME");
        _page.Wrapped($@"{Roff.Escape(NameOf(_command))} \- {Roff.Escape(first)}");
    }

    private void Synopsis()
    {
        _page.Section("SYNOPSIS");
        string[] parts =
        [
            Roff.Bold(Call),
            .. Subcommands.Any() ? [Roff.Italic("command")] : Array.Empty<string>(),
            .. CommandTree.OwnOptionsOf(_command).Where(static o => o is not VersionOption).Select(static o => $"[{Shown(o, o.Name)}]"),
            @"[\fIoption\fR ...]",
            .. _command.Arguments.Where(static a => !a.Hidden).Select(Shown),
        ];
        _page.Wrapped(string.Join(' ', parts));
    }

    private void Description()
    {
        _page.Section("DESCRIPTION");
        _page.Text(_command.Description ?? "");
        if (_command is RootCommand)
        {
            _page.NewParagraph();
            _page.Text("An option beats the environment, which beats the default. Durations are 500ms, 1s, 2.5m, 1h, or bare seconds.");
            _page.NewParagraph();
            _page.Text(
                "On a terminal results are tables and colored; in a pipe they are one line a row, columns separated by tabs. "
                + "An error is two lines on standard error: what is wrong, and what to do next.");
        }
    }

    private void Arguments()
    {
        var arguments = _command.Arguments.Where(static a => !a.Hidden).ToList();
        if (arguments.Count > 0)
        {
            _page.Section("ARGUMENTS");
            arguments.ForEach(a => _page.Entry(Roff.Italic(a.HelpName ?? a.Name), a.Description ?? ""));
        }
    }

    private void Options()
    {
        _page.Section("OPTIONS");
        var own = CommandTree.OwnOptionsOf(_command).ToList();
        own.ForEach(Entry);
        if (own.Count > 0)
        {
            _page.Subsection("Options of every command");
        }

        foreach (var option in CommandTree.SharedOptionsOf(_command))
        {
            Entry(option);
        }

        void Entry(Option option) => _page.Entry(
            string.Join(", ", CommandTree.NamesOf(option).SkipLast(1).Select(Roff.Bold).Append(Shown(option, CommandTree.NamesOf(option)[^1]))),
            Meaning(option));
    }

    private void Commands()
    {
        if (Subcommands.Any())
        {
            _page.Section("COMMANDS");
            foreach (var command in CommandTree.Visible(_command).Where(c => c != _command && c.Subcommands.Count == 0))
            {
                _page.Entry(Roff.Bold(string.Join(' ', CommandTree.PathOf(command))), command.Description ?? "");
            }
        }
    }

    private void ExitStatus()
    {
        _page.Section("EXIT STATUS");
        foreach (var (code, meaning) in ExitCode.All)
        {
            _page.Entry(Roff.Bold($"{code}"), meaning);
        }
    }

    private void Environment()
    {
        _page.Section("ENVIRONMENT");
        foreach (var (name, meaning) in EnvironmentNames.All)
        {
            _page.Entry(Roff.Bold(name), meaning);
        }
    }

    private void Files()
    {
        _page.Section("FILES");
        foreach (var (path, meaning) in ManFiles.All)
        {
            _page.Entry(Roff.Italic(path), meaning);
        }
    }

    private void Examples()
    {
        _page.Section("EXAMPLES");
        _page.Examples(ExampleHelpAction.ExamplesOf(_command));
    }

    private void SeeAlso()
    {
        _page.Section("SEE ALSO");
        var others = CommandTree.ParentOf(_command) is { } parent ? Subcommands.Prepend(parent) : CommandTree.Visible(_command).Skip(1);
        _page.Wrapped(string.Join(", ", others.Select(static c => $"{Roff.Bold(NameOf(c))}(1)")));
    }

    /// <summary>With its default, unless its description tells that already.</summary>
    private static string Meaning(Option option)
    {
        var description = option.Description ?? "";
        return CommandTree.TakesValue(option) && option.HasDefaultValue && !description.Contains("if not given", StringComparison.Ordinal)
            ? $"{description} ({option.GetDefaultValue()?.ToString()?.ToLowerInvariant()} if not given)"
            : description;
    }

    /// <summary>An option as it is typed, with the word for its value.</summary>
    private static string Shown(Option option, string name) => CommandTree.TakesValue(option)
        ? $"{Roff.Bold(name)} {Roff.Italic(option.HelpName ?? option.Name.TrimStart('-'))}"
        : Roff.Bold(name);

    private static string Shown(Argument argument)
    {
        var name = Roff.Italic(argument.HelpName ?? argument.Name) + (argument.Arity.MaximumNumberOfValues > 1 ? " ..." : "");
        return argument.Arity.MinimumNumberOfValues > 0 ? name : $"[{name}]";
    }
}
