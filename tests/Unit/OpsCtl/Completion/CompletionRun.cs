using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Completion;

/// <summary>Asks opsctl what may stand at the cursor, as the scripts do.</summary>
internal static class CompletionRun
{
    /// <summary>The words for the last one's place, with their descriptions.</summary>
    public static async Task<IReadOnlyList<(string Word, string Description)>> WordsAsync(OpsCtlRun run, params string[] words)
    {
        var lines = await AskAsync(run, ["__complete", "fish", "--", .. words]);
        Assert.Equal("words", lines[0]);
        return [.. lines.Skip(1).Select(l => l.Split('\t')).Select(parts => (parts[0], parts[1]))];
    }

    /// <summary>All lines of the answer. Whatever is asked, nothing is complained of.</summary>
    public static async Task<string[]> AskAsync(OpsCtlRun run, params string[] arguments)
    {
        var before = run.Out.Length;
        Assert.Equal(0, await run.RunAsync(arguments));
        Assert.Empty(run.Error);
        var answer = run.Out[before..];
        Assert.DoesNotContain(answer, c => char.IsControl(c) && c is not ('\n' or '\t'));
        return answer.TrimEnd('\n').Split('\n');
    }
}
