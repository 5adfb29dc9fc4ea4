using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.CommandLine;

/// <summary>The library's help, then examples; at the root also the exit codes.</summary>
internal sealed class ExampleHelpAction(HelpAction inner, Surroundings surroundings) : SynchronousCommandLineAction
{
    private static readonly string[] RootExamples =
    [
        "opsctl status",
        "opsctl ping --count 10",
        "opsctl send fetch_payload_log scope=group.EIC lfn=log.tgz jeditaskid=1234 pandaid=5678 --wait",
        "opsctl work why 0198c1f2",
    ];

    /// <summary>What a command's help and its page of the manual show.</summary>
    public static IReadOnlyList<string> ExamplesOf(Command command) =>
        command is OpsCommand ops ? ops.Examples : command is RootCommand ? RootExamples : [];

    public override int Invoke(ParseResult parseResult)
    {
        var width = surroundings.OutIsTerminal ? surroundings.Size().Columns : int.MaxValue;
        inner.MaxWidth = width;
        var result = inner.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        Section(output, "Examples:", ExamplesOf(command));
        if (command is RootCommand)
        {
            Section(output, "Exit codes:", [.. ExitCode.All.SelectMany(e => ExitCodeLines(e.Code, e.Meaning, width))]);
        }

        return result;
    }

    private static IEnumerable<string> ExitCodeLines(int code, string meaning, int width) =>
        WordWrap.Lines(meaning, width - 7).Select((line, i) => i == 0 ? $"{code,3}  {line}" : $"     {line}");

    private static void Section(TextWriter output, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        output.WriteLine(title);
        foreach (var line in lines)
        {
            output.WriteLine($"  {line}");
        }

        output.WriteLine();
    }
}
