using OpsAgent.Abstractions;
using OpsAgent.Agent.Launching;
using Xunit;

namespace OpsAgent.Tests.Process;

public sealed class StartTests : IDisposable
{
    private static readonly Dictionary<string, string> AgentEnvironment = new()
    {
        ["HOME"] = "/home/ops",
        ["USER"] = "ops",
        ["PATH"] = "/evil",
        ["RUCIO_ACCOUNT"] = "prod",
        ["SECRET_TOKEN"] = "canary",
        ["X509_USER_PROXY"] = "/run/proxy",
        ["HTTPS_PROXY"] = "http://proxy",
    };

    private readonly LaunchBench _bench = new(AgentEnvironment);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_doer_is_as_much_nicer_than_the_agent_as_is_configured_and_so_is_its_session()
    {
        using var bench = new LaunchBench(configure: static o => o.Nice = 7);
        var result = await bench.RunAsync(LaunchBench.Shell(
            "until [ \"$(nice)\" = 7 ]; do :; done; [ ! -e /proc/self/autogroup ] || until grep -q ' nice 7$' /proc/self/autogroup; do :; done; nice"));
        Assert.Equal("7\n", result.Stdout);
    }

    [Fact]
    public async Task A_doer_leads_its_own_session_and_group_in_its_work_folder()
    {
        var run = _bench.Begin(LaunchBench.Plan("where"));
        var result = await run.Result;
        Assert.Equal($"{run.Process.Pid} {run.Process.Pid} {run.Process.Pid} {run.Folder}\n", result.Stdout);
    }

    [Fact]
    public async Task A_doer_gets_its_environment_and_nothing_else_of_the_agents()
    {
        var plan = LaunchBench.Plan("env") with { Environment = ["RUCIO_*", "HTTPS_PROXY"], Credentials = ["X509_USER_PROXY"] };
        var run = _bench.Begin(plan);
        var result = await run.Result;
        var lines = result.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "DOTNET_EnableDiagnostics=0", "HOME=/home/ops", "LANG=C.UTF-8",
                $"OPSAGENT_MARK={_bench.StateId}:{run.Context.RequestId}:1", $"OPSAGENT_REQUEST_ID={run.Context.RequestId}",
                $"OPSAGENT_RESULT_DIR={run.Folder}", "PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
                "RUCIO_ACCOUNT=prod", $"TMPDIR={run.Folder}", "USER=ops", "X509_USER_PROXY=/run/proxy",
            ],
            lines);
    }

    [Fact]
    public async Task A_doer_has_no_descriptor_but_its_three_streams()
    {
        // Something inheritable for it to inherit, besides all that the test host holds.
        using var server = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        var result = await _bench.RunAsync(LaunchBench.Plan("fds"));
        var lines = result.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("0 /dev/null", lines[0]);
        Assert.StartsWith("1 pipe:", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("2 pipe:", lines[2], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
        var raw = await _bench.RunAsync(Program("/bin/ls", "-1", "/proc/self/fd"));
        Assert.Equal("0\n1\n2\n3\n", raw.Stdout); // 3 is the folder that ls reads
    }

    [Fact]
    public async Task A_doer_starts_with_every_signal_at_its_default_and_none_blocked()
    {
        var result = await _bench.RunAsync(Program("/bin/cat", "/proc/self/status"));
        Assert.Equal(
            ["SigBlk:\t0000000000000000", "SigCgt:\t0000000000000000", "SigIgn:\t0000000000000000"],
            result.Stdout.Split('\n')
                .Where(static line => line.StartsWith("SigBlk", StringComparison.Ordinal)
                    || line.StartsWith("SigIgn", StringComparison.Ordinal)
                    || line.StartsWith("SigCgt", StringComparison.Ordinal))
                .Select(WithoutSignalsOfTheCLibrary).Order(StringComparer.Ordinal));
        var own = await _bench.RunAsync(LaunchBench.Plan("signals"));
        Assert.Contains("SigBlk:\t0000000000000000", own.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Started_tells_pid_start_time_boot_program_and_hash()
    {
        var run = _bench.Begin(Program("/bin/sh", "-c", "sleep 0.5"));
        Assert.Equal(ProcProbe.Stat(run.Process.Pid)!.Value.Start, run.Process.StartTime);
        Assert.Equal((await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id")).Trim(), run.Process.BootId);
        var real = File.ResolveLinkTarget("/bin/sh", returnFinalTarget: true)?.Name ?? "sh";
        Assert.Equal(real, Path.GetFileName(run.Process.Program));
        var hash = System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync("/bin/sh"));
        Assert.Equal(Convert.ToHexStringLower(hash), run.Process.ProgramHash);
        await run.Result;
    }

    [Fact]
    public async Task A_program_that_was_replaced_is_hashed_anew()
    {
        var path = Script("#!/bin/sh\nexit 1\n");
        var first = _bench.Begin(Program(path));
        Assert.Equal(1, (await first.Result).ExitCode);
        File.Delete(path);
        Script("#!/bin/sh\nexit 2\n");
        var second = _bench.Begin(Program(path));
        Assert.Equal(2, (await second.Result).ExitCode);
        Assert.NotEqual(first.Process.ProgramHash, second.Process.ProgramHash);
    }

    [Theory]
    [InlineData("no-such-doer", "does not exist")]
    [InlineData("/no/such/doer", "/no/such/doer does not exist")]
    [InlineData("../tests/x", "neither an absolute path nor a plain file name")]
    [InlineData("..", "neither an absolute path nor a plain file name")]
    [InlineData("", "neither an absolute path nor a plain file name")]
    [InlineData("/etc/passwd", "/etc/passwd is not executable")]
    [InlineData("/etc", "/etc is no file")]
    public async Task What_can_not_be_found_is_an_error_with_a_reason(string program, string reason)
    {
        var result = await _bench.RunAsync(Program(program));
        AssertNotRun(result, reason);
    }

    [Fact]
    public async Task A_name_in_PATH_is_not_found() => AssertNotRun(await _bench.RunAsync(Program("sh")), "does not exist");

    [Fact]
    public async Task An_argument_that_is_too_long_is_an_error_with_a_reason() =>
        AssertNotRun(await _bench.RunAsync(Program("/bin/true", "short", new string('x', 140_000))), "argument 2 is longer than 131071 bytes");

    [Fact]
    public async Task Arguments_that_are_too_long_together_are_an_error_with_a_reason() =>
        AssertNotRun(
            await _bench.RunAsync(Program("/bin/true", [.. Enumerable.Repeat(new string('x', 100_000), 80)])),
            "its arguments and environment are too long");

    [Fact]
    public async Task An_argument_with_a_NUL_is_an_error_with_a_reason() =>
        AssertNotRun(await _bench.RunAsync(Program("/bin/echo", "a\0b")), "argument 1 holds a NUL");

    [Fact]
    public async Task A_script_whose_interpreter_is_missing_is_an_error_with_a_reason() =>
        AssertNotRun(await _bench.RunAsync(Program(Script("#!/no/such/interpreter\n"))), "its interpreter does not exist");

    [Fact]
    public async Task A_file_that_is_no_program_is_an_error_with_a_reason() =>
        AssertNotRun(await _bench.RunAsync(Program(Script("exit 0\n"))), "is no program and has no #! line");

    [Fact]
    public void A_missing_folder_is_an_error_with_a_reason()
    {
        var order = new SpawnOrder("/bin/true", ["true"], [], "/no/such/folder", null);
        var answer = Spawner.Start(order);
        Assert.Equal("not started: the folder /no/such/folder does not exist", SpawnFailure.Reason(answer.Error, order));
    }

    [Fact]
    public async Task A_work_folder_that_can_not_be_made_is_an_error_with_a_reason()
    {
        using var bench = new LaunchBench(configure: o => o.WorkRoot = "/proc/nowhere");
        AssertNotRun(await bench.RunAsync(Program("/bin/true")), "/proc/nowhere");
    }

    [Fact]
    public async Task A_run_that_is_cancelled_before_it_starts_does_not_start()
    {
        var result = await _bench.RunAsync(LaunchBench.Plan("exit", "0"), new CancellationToken(canceled: true));
        Assert.Equal(Outcome.Cancelled, result.Outcome);
        Assert.False(result.Ran);
    }

    private static DoerPlan Program(string program, params string[] arguments) =>
        new() { Program = program, Arguments = arguments, Timeout = LaunchBench.Limit };

    private static void AssertNotRun(RunResult result, string reason)
    {
        Assert.Equal(Outcome.Error, result.Outcome);
        Assert.False(result.Ran);
        Assert.Contains(reason, result.Reason, StringComparison.Ordinal);
        Assert.StartsWith("not started: ", result.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', result.Reason);
        Assert.InRange(result.Reason.Length, 1, 300);
    }

    // Signals 32 and 33 belong to the C library, which keeps posix_spawn from resetting them.
    private static string WithoutSignalsOfTheCLibrary(string line) => line.Replace("180000000", "000000000", StringComparison.Ordinal);

    private string Script(string text)
    {
        var path = Path.Combine(_bench.Root, "script");
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }
}
