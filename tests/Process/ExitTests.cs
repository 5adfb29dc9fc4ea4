using OpsAgent.Abstractions;
using Xunit;

namespace OpsAgent.Tests.Process;

public sealed class ExitTests : IDisposable
{
    private readonly LaunchBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_doer_that_ends_with_0_is_ok_and_its_stdout_is_kept()
    {
        var result = await _bench.RunAsync(LaunchBench.Plan("echo", "a b", "-x", "$HOME; `id`", "ü"));
        Assert.Equal(Outcome.Ok, result.Outcome);
        Assert.Equal("", result.Reason);
        Assert.Equal(0, result.ExitCode);
        Assert.Null(result.Signal);
        Assert.True(result.Ran);
        Assert.Null(result.Survivors);
        Assert.Equal("a b\n-x\n$HOME; `id`\nü\n", result.Stdout);
        Assert.True(result.Duration > TimeSpan.Zero);
    }

    [Theory]
    [InlineData(1, Outcome.Error)]
    [InlineData(75, Outcome.Error)]
    [InlineData(7, Outcome.Unrecorded)]
    [InlineData(8, Outcome.Unknown)]
    [InlineData(255, Outcome.Error)]
    public async Task An_exit_code_means_what_the_plan_says(int code, Outcome outcome)
    {
        var plan = LaunchBench.Plan("exit", $"{code}") with
        {
            ExitCodes = new Dictionary<int, Outcome> { [7] = Outcome.Unrecorded, [8] = Outcome.Unknown },
        };
        var result = await _bench.RunAsync(plan);
        Assert.Equal(outcome, result.Outcome);
        Assert.Equal(code, result.ExitCode);
        Assert.Equal($"rc={code}", result.Reason);
    }

    [Theory]
    [InlineData("KILL", "SIGKILL")]
    [InlineData("SEGV", "SIGSEGV")]
    [InlineData("PIPE", "SIGPIPE")]
    public async Task A_doer_that_a_signal_ended_is_an_error_that_names_the_signal(string signal, string name)
    {
        var result = await _bench.RunAsync(LaunchBench.Shell($"ulimit -c 0; echo ERROR: not this >&2; kill -{signal} $$"));
        Assert.Equal(Outcome.Error, result.Outcome);
        Assert.Equal($"killed by signal {name}", result.Reason);
        Assert.Equal(name, result.Signal);
        Assert.Null(result.ExitCode);
    }

    [Fact]
    public async Task The_reason_is_the_last_line_of_stderr_that_looks_like_an_error()
    {
        var result = await _bench.RunAsync(LaunchBench.Plan("stderr", "1", "begun", "ERROR: early", "  ValueError: late\t\u202Ex ", "bye"));
        Assert.Equal(@"ValueError: late\t\u202Ex", result.Reason);
    }

    [Fact]
    public async Task Each_line_of_stderr_is_relayed_to_the_log_under_the_doers_name()
    {
        await _bench.RunAsync(LaunchBench.Plan("stderr", "0", "one", "", "\u001b[31mtwo"));
        Assert.Equal(["  dummy-doer: one", @"  dummy-doer: \u001B[31mtwo"], _bench.Log.OfEvent(4010));
    }

    [Fact]
    public async Task A_work_folder_outlives_the_run_until_it_is_removed()
    {
        var run = _bench.Begin(LaunchBench.Plan("result", "0", "4711"));
        var result = await run.Result;
        Assert.Equal("4711\n", result.Stdout);
        Assert.Contains("\"exit_code\":0", await File.ReadAllTextAsync(Path.Combine(run.Folder, "result.json")), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(run.Folder));
        Assert.True(_bench.Folders.Remove(run.Context.RequestId, 1));
        Assert.False(Directory.Exists(run.Folder));
    }

    [Fact]
    public async Task A_thousand_short_runs_at_once_each_give_their_own_end()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async i =>
        {
            await Task.Yield();
            return await _bench.RunAsync(LaunchBench.Shell($"echo {i}; exit {i % 4}"));
        }));
        for (var i = 0; i < results.Length; i++)
        {
            Assert.Equal(i % 4, results[i].ExitCode);
            Assert.Equal($"{i}\n", results[i].Stdout);
        }
    }
}
