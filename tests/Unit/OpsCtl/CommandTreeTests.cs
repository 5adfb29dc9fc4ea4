using System.CommandLine;
using OpsAgent.OpsCtl;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Completion;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

/// <summary>What holds for every command of the tree, whoever adds it.</summary>
public sealed class CommandTreeTests
{
    /// <summary>Every command that is shown, by the words behind opsctl.</summary>
    public static TheoryData<string> Paths { get; } =
        [.. CommandTree.Visible(OpsCtlRun.Tree()).Select(c => string.Join(' ', CommandTree.PathOf(c).Skip(1)))];

    public static Command Find(string path) =>
        CommandTree.Visible(OpsCtlRun.Tree()).Single(c => string.Join(' ', CommandTree.PathOf(c).Skip(1)) == path);

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_command_says_what_it_does_and_so_do_its_options_and_arguments(string path)
    {
        var command = Find(path);
        Symbol[] all = [command, .. command.Options, .. command.Arguments];
        Assert.All(all, s => Assert.False(string.IsNullOrWhiteSpace(s.Description), s.Name));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_command_has_examples_and_each_is_a_line_that_it_takes(string path)
    {
        var command = Find(path);
        var examples = ExampleHelpAction.ExamplesOf(command);

        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.NotEmpty(CallsIn(example)));
        foreach (var words in examples.SelectMany(CallsIn))
        {
            var line = OpsCtlRun.Tree().Parse(words, CommandTree.Parsing);
            Assert.Empty(line.Errors.Select(e => e.Message));

            // One of its own, or of a command below it.
            Assert.StartsWith(path, string.Join(' ', CommandTree.PathOf(line.CommandResult.Command).Skip(1)), StringComparison.Ordinal);
        }
    }

    /// <summary>The calls of opsctl in a line of shell, without what is piped, redirected or said behind them.</summary>
    private static IEnumerable<IReadOnlyList<string>> CallsIn(string example) =>
        example.Split('#')[0].Split("&&").Select(part => part.Split(['|', '>'])[0].Trim())
            .Select(part => part.StartsWith("source <(", StringComparison.Ordinal) ? part[9..^1] : part)
            .Where(part => part.StartsWith("opsctl ", StringComparison.Ordinal))
            .Select(part => BashLine.Parse(part).Words);
}
