using OpsAgent.Abstractions;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Process;

public sealed class OutputTests : IDisposable
{
    private readonly LaunchBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(CaptureMode.Pipe)]
    [InlineData(CaptureMode.Files)]
    public async Task Both_ways_of_capture_give_stdout_and_the_reason(CaptureMode capture)
    {
        var result = await _bench.RunAsync(LaunchBench.Shell("echo out; echo ERROR: err >&2; exit 3") with { Capture = capture });
        Assert.Equal("out\n", result.Stdout);
        Assert.Equal("ERROR: err", result.Reason);
        Assert.Equal(["  sh: ERROR: err"], _bench.Log.OfEvent(4010));
    }

    [Theory]
    [InlineData(CaptureMode.Pipe)]
    [InlineData(CaptureMode.Files)]
    public async Task Both_streams_of_a_run_are_kept(CaptureMode capture)
    {
        var folder = Path.Combine(_bench.Root, "logs");
        using (var bench = new LaunchBench(configure: o => o.RunLogFolder = folder))
        {
            await bench.RunAsync(LaunchBench.Shell("echo out; echo err >&2; printf '\\033[2J'") with { Capture = capture });
        }

        var lines = (await File.ReadAllLinesAsync(Assert.Single(Directory.GetFiles(folder)))).Select(static l => l.Split(' ', 2)[1]).ToList();
        Assert.StartsWith("agent sh, pid ", lines[0], StringComparison.Ordinal);
        Assert.Equal(["err err", "out \u001b[2J", "out out"], lines[1..^1].Order(StringComparer.Ordinal));
        Assert.Equal("agent end of output", lines[^1]);
    }

    [Fact]
    public async Task What_is_in_the_pipe_when_the_time_to_read_on_is_over_is_not_lost()
    {
        using var bench = new LaunchBench(configure: static o =>
        {
            o.OutputBytesPerSecond = 64 * 1024;
            o.ReadOnLimit = TimeSpan.FromMilliseconds(1);
        });
        var result = await bench.RunAsync(LaunchBench.Shell("head -c 200000 /dev/zero | tr '\\0' x; echo; echo the end"));

        Assert.EndsWith("x\nthe end\n", result.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_doer_that_prints_without_end_is_drained_and_its_last_64_KiB_are_kept()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var result = await _bench.RunAsync(LaunchBench.Plan("generate", $"{200_000_000L}"));
        Assert.Equal(Outcome.Ok, result.Outcome);
        Assert.Equal(64 * 1024, result.Stdout.Length);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 20_000_000);
    }

    [Fact]
    public async Task A_flood_on_stderr_is_relayed_up_to_the_limit_and_the_rest_is_counted()
    {
        var result = await _bench.RunAsync(LaunchBench.Plan("generate", "800000", "stderr", "line") with { ExitCodes = Failing });
        Assert.Equal(2_000, _bench.Log.OfEvent(4010).Count);
        var counted = Assert.Single(_bench.Log.OfEvent(4011));
        Assert.Equal("  dummy-doer: 8000 more lines (632000 bytes) were not relayed", counted);
        Assert.Equal(new string('x', 79), result.Reason);
    }

    [Fact]
    public async Task A_line_without_end_is_cut_and_marked()
    {
        var result = await _bench.RunAsync(LaunchBench.Plan("generate", "50000000", "stderr", "one") with { ExitCodes = Failing });
        var line = Assert.Single(_bench.Log.OfEvent(4010));
        Assert.Equal($"  dummy-doer: {new string('x', 8192)} [cut]", line);
        Assert.Equal(300, result.Reason.Length);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_do_no_harm()
    {
        var bytes = Convert.ToBase64String([0xff, 0xfe, 0x00, 0x1b, .. "]0;x\a"u8, 0xe2, 0x80, 0xae, (byte)'y', (byte)'\n']);
        var result = await _bench.RunAsync(LaunchBench.Plan("raw", "stderr", bytes) with { ExitCodes = Failing });
        Assert.Equal("\uFFFD\uFFFD\\u0000\\u001B]0;x\\u0007\\u202Ey", result.Reason);
    }

    [Theory]
    [InlineData(CaptureMode.Pipe)]
    [InlineData(CaptureMode.Files)]
    public async Task A_grandchild_that_holds_stdout_does_not_hold_up_the_run_and_is_ended(CaptureMode capture)
    {
        var run = _bench.Begin(LaunchBench.Plan("hold-stdout") with { Capture = capture });
        var result = await run.Result;
        Assert.Equal(Outcome.Ok, result.Outcome);
        Assert.Equal("said before\n", result.Stdout);
        Assert.Equal(0, result.Survivors);
        Assert.Empty(_bench.Living(run.Process.Pid));
    }

    [Fact]
    public async Task What_escapes_every_sign_of_its_origin_is_left_alone_reported_and_holds_up_nothing()
    {
        var pidFile = Path.Combine(_bench.Root, "escaped");
        var result = await _bench.RunAsync(LaunchBench.Plan("escape", pidFile));
        var pid = int.Parse(await File.ReadAllTextAsync(pidFile));
        try
        {
            Assert.Equal(Outcome.Ok, result.Outcome);
            Assert.True(ProcProbe.IsAlive(pid));
            await Eventually.HoldsAsync(
                () => _bench.Log.OfEvent(4002).Any(l => l.Contains($"Process {pid} ", StringComparison.Ordinal)), "it is reported");
        }
        finally
        {
            using var escaped = System.Diagnostics.Process.GetProcessById(pid);
            escaped.Kill();
        }
    }

    [Fact]
    public async Task Of_a_file_that_a_doer_fills_the_disk_gets_back_what_was_read_and_nothing_of_its_end_is_lost()
    {
        using var bench = new LaunchBench(configure: o => o.MaxFileBytes = 1_000_000);
        const string Script = """
            head -c 20000000 /dev/zero | tr '\0' x
            while [ "$(stat -c %b "$OPSAGENT_RESULT_DIR/stdout")" -gt 10000 ]; do sleep 0.02; done
            head -c 10000000 /dev/zero | tr '\0' x
            echo; echo end
            """;
        var run = bench.Begin(LaunchBench.Shell(Script) with { Capture = CaptureMode.Files });
        var result = await run.Result;
        Assert.Equal(new string('x', (64 * 1024) - 5) + "\nend\n", result.Stdout);

        // What it waited for, and what came after it.
        Assert.InRange(await BytesOnDiskAsync(Path.Combine(run.Folder, "stdout")), 0, 5_120_000 + 10_000_000 + 100_000);
    }

    private static async Task<long> BytesOnDiskAsync(string file)
    {
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%b", file]) { RedirectStandardOutput = true })!;
        return long.Parse(await stat.StandardOutput.ReadToEndAsync()) * 512;
    }

    private static Dictionary<int, Outcome> Failing => new() { [0] = Outcome.Error };
}
