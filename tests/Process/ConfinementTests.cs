using OpsAgent.Abstractions;
using Xunit;

namespace OpsAgent.Tests.Process;

/// <summary>What each run may have.</summary>
public sealed class ConfinementTests : IDisposable
{
    private const long MiB = 1024 * 1024;

    private readonly LaunchBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Limits_are_the_doers_own_from_its_first_instruction_and_no_others()
    {
        const string Script = "ulimit -n; ulimit -v; ulimit -f; ulimit -p; ulimit -St; ulimit -Ht; ulimit -Hn; ulimit -Hv; ulimit -Hf; ulimit -Hp";
        var limits = new DoerLimits
        {
            Files = 100, AddressSpace = 512 * MiB, FileSize = 10 * MiB, Processes = 5000, Cpu = TimeSpan.FromMinutes(2),
        };
        var result = await _bench.RunAsync(LaunchBench.Shell(Script) with { Limits = limits });
        Assert.Equal("100\n524288\n20480\n5000\n120\n125\n100\n524288\n20480\n5000\n", result.Stdout);
        Assert.DoesNotContain("524288", (await _bench.RunAsync(LaunchBench.Shell(Script))).Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_doer_with_limits_is_the_process_that_was_started_and_carries_its_mark()
    {
        var run = _bench.Begin(LaunchBench.Plan("where") with { Limits = new DoerLimits { Files = 256, FileSize = 4096 * MiB } });
        Assert.Equal($"{run.Process.Pid} {run.Process.Pid} {run.Process.Pid} {run.Folder}\n", (await run.Result).Stdout);
        var waiting = _bench.Begin(LaunchBench.Plan("sleep", "60") with { Limits = new DoerLimits { Files = 256 } });
        await waiting.ReadyAsync();
        Assert.Contains(waiting.Process.Pid, _bench.Living(waiting.Process.Pid));
        await waiting.Cancel.CancelAsync();
        Assert.Equal((Outcome.Cancelled, 0), ((await waiting.Result).Outcome, (await waiting.Result).Survivors));
        Assert.Empty(_bench.Living());
    }

    [Fact]
    public async Task What_goes_beyond_a_limit_is_ended_or_refused()
    {
        var file = await _bench.RunAsync(LaunchBench.Shell("exec dd if=/dev/zero of=big bs=1M count=3") with { Limits = new DoerLimits { FileSize = 2 * MiB } });
        Assert.Equal((Outcome.Error, "SIGXFSZ"), (file.Outcome, file.Signal));
        var time = await _bench.RunAsync(LaunchBench.Shell("while :; do :; done") with { Limits = new DoerLimits { Cpu = TimeSpan.FromSeconds(1) } });
        Assert.Equal((Outcome.Error, "SIGXCPU"), (time.Outcome, time.Signal));
        var memory = await _bench.RunAsync(
            LaunchBench.Shell("exec dd if=/dev/zero of=/dev/null bs=256M count=1") with { Limits = new DoerLimits { AddressSpace = 64 * MiB } });
        Assert.Equal((Outcome.Error, null), (memory.Outcome, memory.Signal));
        Assert.Contains("memory", memory.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_heap_of_a_dotnet_doer_is_limited_and_its_runtime_lives()
    {
        Assert.Equal(0, (await _bench.RunAsync(LaunchBench.Plan("allocate", "200"))).ExitCode);
        var limit = new DoerLimits { Heap = 64 * MiB };
        Assert.Equal(0, (await _bench.RunAsync(LaunchBench.Plan("allocate", "20") with { Limits = limit })).ExitCode);
        Assert.Equal(70, (await _bench.RunAsync(LaunchBench.Plan("allocate", "200") with { Limits = limit })).ExitCode);
    }

    [Fact]
    public async Task A_doer_can_gain_no_rights_and_has_a_folder_that_is_closed_to_others()
    {
        var result = await _bench.RunAsync(LaunchBench.Shell("grep NoNewPrivs /proc/self/status; stat -c %a .; [ \"$TMPDIR\" = \"$PWD\" ] && mktemp"));
        var lines = result.Stdout.Split('\n');
        Assert.Equal(("NoNewPrivs:\t1", "700"), (lines[0], lines[1]));
        Assert.StartsWith(_bench.Root, lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_a_doer_prints_into_are_for_its_agent_alone()
    {
        var result = await _bench.RunAsync(LaunchBench.Shell("stat -c %a stdout stderr") with { Capture = CaptureMode.Files });
        Assert.Equal((Outcome.Ok, 0, "", "600\n600\n"), (result.Outcome, result.ExitCode, result.Reason, result.Stdout));
    }

    [Fact]
    public async Task Two_runs_of_one_request_type_share_no_folder()
    {
        var plan = LaunchBench.Shell("pwd; ls -A");
        var (first, second) = (await _bench.RunAsync(plan), await _bench.RunAsync(plan));
        Assert.NotEqual(first.Stdout, second.Stdout);
        Assert.Single(first.Stdout.Trim().Split('\n'));
    }
}
