using System.Text.RegularExpressions;
using OpsAgent.OpsCtl;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Manual;
using OpsAgent.OpsCtl.Settings;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Unit.Architecture;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Manual;

public sealed partial class ManPageTests
{
    private static readonly DateOnly Day = new(2026, 8, 5);
    private readonly OpsCtlRun _run = new() { Time = new FakeTime(new DateTimeOffset(2026, 8, 5, 23, 0, 0, TimeSpan.Zero)) };

    [Theory]
    [MemberData(nameof(CommandTreeTests.Paths), MemberType = typeof(CommandTreeTests))]
    public void A_page_has_everything_that_its_command_takes(string path)
    {
        var command = CommandTreeTests.Find(path);
        var sections = Sections(ManPage.Of(command, Day));

        string[] expected = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES", "SEE ALSO"];
        Assert.Equal(expected, sections.Keys.Except(["ARGUMENTS", "COMMANDS"]));
        Assert.StartsWith(Roff.Escape(ManPage.NameOf(command)) + @" \- ", sections["NAME"], StringComparison.Ordinal);
        Assert.All(CommandTree.OwnOptionsOf(command), o => Assert.Contains(Roff.Bold(o.Name), sections["SYNOPSIS"] + "\\fB\\-\\-version\\fR", StringComparison.Ordinal));
        Assert.All(
            CommandTree.OwnOptionsOf(command).Concat(CommandTree.SharedOptionsOf(command)).SelectMany(CommandTree.NamesOf),
            name => Assert.Contains(Roff.Bold(name), sections["OPTIONS"], StringComparison.Ordinal));
        Assert.All(command.Arguments, a => Assert.Contains(Roff.Italic(a.HelpName ?? a.Name), sections["ARGUMENTS"], StringComparison.Ordinal));
        Assert.All(
            CommandTree.Visible(command).Skip(1).Where(c => c.Subcommands.Count == 0),
            c => Assert.Contains(Roff.Bold(string.Join(' ', CommandTree.PathOf(c))), sections["COMMANDS"], StringComparison.Ordinal));
        Assert.All(ExitCode.All, e => Assert.Contains($"\\fB{e.Code}\\fR\n", sections["EXIT STATUS"], StringComparison.Ordinal));
        Assert.All(
            ExampleHelpAction.ExamplesOf(command), e => Assert.Contains($"\n{Roff.Line(e)}\n", sections["EXAMPLES"], StringComparison.Ordinal));
        Assert.DoesNotContain("complete\\fR", sections["SEE ALSO"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_page_leads_to_all_others() => Assert.All(
        CommandTree.Visible(OpsCtlRun.Tree()).Skip(1),
        c => Assert.Contains(
            $"{Roff.Bold(ManPage.NameOf(c))}(1)", Sections(ManPage.Of(OpsCtlRun.Tree(), Day))["SEE ALSO"], StringComparison.Ordinal));

    [Fact]
    public void A_default_is_told() =>
        Assert.Contains("(50 if not given)", Sections(ManPage.Of(CommandTreeTests.Find("work list"), Day))["OPTIONS"], StringComparison.Ordinal);

    [Fact]
    public void Every_variable_that_an_option_names_or_the_program_reads_is_told()
    {
        var named = CommandTree.SharedOptionsOf(OpsCtlRun.Tree()).SelectMany(o => VariableName().Matches(o.Description!)).Select(m => m.Value);
        var read = Checkout.Files("src/OpsCtl", "*.cs").SelectMany(f => VariableRead().Matches(Checkout.Read(f))).Select(m => m.Groups[1].Value);

        Assert.Contains("ACTIVEMQ_SSL_CA_CERTS", named);
        Assert.Contains("OPSAGENT_ALLOW_PLAINTEXT", read);
        Assert.Equal(named.Concat(read).Distinct().Order(), EnvironmentNames.All.Select(e => e.Name).Order());
    }

    [Fact]
    public void The_files_are_those_that_the_program_looks_for()
    {
        var folder = new StateFolder("/s");
        var told = ManFiles.All.Select(f => f.Path).ToList();
        Assert.Contains(Path.GetFileName(folder.Socket), told);
        Assert.Contains(Path.GetFileName(folder.Ledger), told);

        var options = new GlobalOptions();
        var root = OpsCtlProgram.Build(options, _run.Surroundings());
        Assert.Contains(Path.GetRelativePath("/nowhere/bin", AgentFile.Path(root.Parse([]), options, _run.Surroundings())), told);
        Assert.Contains(
            StateFolder.Of(root.Parse([]), options, _run.Surroundings()).Path.Replace("/home/alice", "~", StringComparison.Ordinal), told);
    }

    [Theory]
    [InlineData("", "opsctl")]
    [InlineData("ping", "opsctl-ping")]
    [InlineData("work list", "opsctl-work-list")]
    public async Task A_page_is_printed(string path, string name)
    {
        Assert.Equal(0, await _run.RunAsync(["man", .. path.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));
        Assert.Equal($".TH {Roff.Escape(name.ToUpperInvariant())} 1 2026-08-05 \"opsctl 0.1.0\" \"Operator commands\"", _run.Lines[0]);
        Assert.EndsWith("(1)", _run.Lines[^1], StringComparison.Ordinal);
        Assert.Empty(_run.Error);

        var json = new OpsCtlRun { Time = _run.Time };
        Assert.Equal(0, await json.RunAsync(["man", "-o", "json", .. path.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));
        Assert.Equal($"{name}.1", json.Json.GetProperty("page").GetString());
        Assert.Equal(_run.Out, json.Json.GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("1785931200", "2026-08-05")]
    [InlineData("0", "1970-01-01")]
    [InlineData("soon", "2026-08-05")]
    [InlineData("99999999999999", "2026-08-05")]
    public async Task A_build_can_say_which_day_it_is(string seconds, string day)
    {
        _run.Environment["SOURCE_DATE_EPOCH"] = seconds;
        Assert.Equal(0, await _run.RunAsync("man"));
        Assert.Contains($" 1 {day} ", _run.Lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pong")]
    [InlineData("work", "lost")]
    [InlineData("ping", "work")]
    [InlineData("__complete")]
    [InlineData("ping", "--all", "/nowhere")]
    [InlineData("--all", "/proc/nowhere")]
    public async Task What_has_no_page_exits_with_64_and_advice(params string[] arguments)
    {
        Assert.Equal(64, await _run.RunAsync(["man", .. arguments]));
        Assert.Equal(2, _run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Empty(_run.Out);
    }

    [Fact]
    public async Task All_pages_are_written_into_a_folder()
    {
        var folder = Directory.CreateTempSubdirectory("man");
        try
        {
            var target = Path.Combine(folder.FullName, "share", "man1");
            Assert.Equal(0, await _run.RunAsync("man", "--all", target));

            var pages = CommandTree.Visible(OpsCtlRun.Tree()).Select(ManPage.FileOf).Order().ToList();
            Assert.Contains("opsctl-work-list.1", pages);
            Assert.Equal(pages, Directory.GetFiles(target).Select(Path.GetFileName).Order());
            Assert.Equal(pages, _run.Lines.Select(Path.GetFileName).Order());
            Assert.Equal(ManPage.Of(OpsCtlRun.Tree(), Day), await File.ReadAllTextAsync(Path.Combine(target, "opsctl.1")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A page's sections, in order.</summary>
    private static Dictionary<string, string> Sections(string page) => page.Split(".SH ").Skip(1)
        .Select(s => s.Split('\n', 2)).ToDictionary(s => s[0], s => s[1], StringComparer.Ordinal);

    [GeneratedRegex("[A-Z]+(?:_[A-Z]+)+")]
    private static partial Regex VariableName();

    [GeneratedRegex("(?:Variable|Environment\\.TryGetValue)\\(\"([A-Z_]+)\"")]
    private static partial Regex VariableRead();
}
