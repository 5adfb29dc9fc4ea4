using OpsAgent.Abstractions;
using OpsAgent.Agent.Launching;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Process;

/// <summary>What a former agent left: doers that are nobody's children here, known by their mark alone.</summary>
public sealed class RecoveryTests : IDisposable
{
    private readonly LaunchBench _bench = new();
    private readonly List<System.Diagnostics.Process> _keepers = [];

    public void Dispose()
    {
        // What these tests leave alone on purpose nobody else ends; the mark's state is this bench's own.
        foreach (var pid in Marked(""))
        {
            EndOne(pid);
        }

        foreach (var keeper in _keepers)
        {
            keeper.Kill();
            keeper.Dispose();
        }

        _bench.Dispose();
    }

    [Fact]
    public async Task Leftovers_of_every_attempt_are_ended_with_what_they_started()
    {
        await BeginAsync("a", 1, "tree", "3");
        await BeginAsync("a", 2, "clear-env");
        await BeginAsync("a:1", 1, "sleep", "1000");
        await BeginAsync("ab", 1, "sleep", "1000");
        var report = await _bench.Runner.EndLeftoversAsync(new RequestId("a"), CancellationToken.None).WaitAsync(LaunchBench.Limit);
        Assert.Equal(0, report.Survivors);
        Assert.InRange(report.Ended, 6, 8);
        Assert.Empty(Marked("a:1\0").Concat(Marked("a:2\0")));
        Assert.Single(Marked("a:1:1"));
        Assert.Single(Marked("ab:1"));
        Assert.Equal(default, await _bench.Runner.EndLeftoversAsync(new RequestId("a"), CancellationToken.None));
    }

    [Fact]
    public async Task Living_processes_of_a_request_are_found_the_doer_first()
    {
        var pid = await BeginAsync("b", 3, "tree", "2");
        await Eventually.HoldsAsync(() => Marked("b:3").Count == 3, "all are there");
        var found = await _bench.Reattach.FindLivingAsync(new RequestId("b"), CancellationToken.None);
        Assert.Equal(3, found.Count);
        Assert.All(found, p => Assert.Equal(3, p.Attempt));
        Assert.Equal(pid, Assert.Single(found, static p => p.IsLeader).Pid);
        Assert.Equal(ProcProbe.Stat(pid)!.Value.Start, found[0].StartTime);
    }

    [Fact]
    public async Task A_living_doer_is_attached_to_and_its_result_is_read()
    {
        var go = Path.Combine(_bench.Root, "go");
        var pid = await BeginAsync("c", 1, "wait-result", go, "7", "4711");
        var plan = LaunchBench.Plan() with { ExitCodes = new Dictionary<int, Outcome> { [7] = Outcome.Unrecorded } };
        var attached = _bench.Reattach.ReattachAsync(Context("c", plan), Running(pid), CancellationToken.None).WaitAsync(LaunchBench.Limit);
        await File.WriteAllTextAsync(go, "");
        var result = await attached;
        Assert.NotNull(result);
        Assert.Equal(Outcome.Unrecorded, result.Outcome);
        Assert.Equal(7, result.ExitCode);
        Assert.Equal("4711", result.Stdout);
        Assert.True(result.Ran);
        Assert.True(result.Duration > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_doer_that_ended_meanwhile_is_known_by_its_result()
    {
        Directory.CreateDirectory(_bench.Folders.PathOf(new RequestId("d"), 1));
        await File.WriteAllTextAsync(Path.Combine(_bench.Folders.PathOf(new RequestId("d"), 1), "result.json"), """{"exit_code":0,"result":"id 5"}""");
        var result = await _bench.Reattach.ReattachAsync(Context("d", LaunchBench.Plan()), Running(Environment.ProcessId) with { StartTime = 1 }, default);
        Assert.NotNull(result);
        Assert.Equal(Outcome.Ok, result.Outcome);
        Assert.Equal("id 5", result.Stdout);
    }

    [Fact]
    public async Task What_a_doer_has_left_that_told_its_end_is_ended_and_counted()
    {
        var running = await LeaveAsync("l");
        await File.WriteAllTextAsync(Path.Combine(_bench.Folders.PathOf(new RequestId("l"), 1), "result.json"), """{"exit_code":0,"result":"id 5"}""");

        var result = await _bench.Reattach.ReattachAsync(Context("l", LaunchBench.Plan()), running, default).WaitAsync(LaunchBench.Limit);

        Assert.Equal((Outcome.Ok, "id 5", 0), (result!.Outcome, result.Stdout, result.Survivors));
        Assert.Empty(Marked("l:1"));
    }

    [Fact]
    public async Task What_a_doer_has_left_that_told_nothing_is_let_be_and_named()
    {
        var running = await LeaveAsync("m");

        Assert.Null(await _bench.Reattach.ReattachAsync(Context("m", LaunchBench.Plan()), running, default).WaitAsync(LaunchBench.Limit));

        var left = Marked("m:1");
        Assert.Equal(3, left.Count);
        Assert.Equal(left.Order(), await _bench.Reattach.LivingAsync(Context("m", LaunchBench.Plan()), default));
        Assert.Empty(await _bench.Reattach.LivingAsync(Context("m", LaunchBench.Plan()) with { Attempt = 2 }, default));
    }

    [Fact]
    public async Task A_doer_that_left_no_result_is_in_doubt()
    {
        var go = Path.Combine(_bench.Root, "go");
        var pid = await BeginAsync("e", 1, "wait-exit", go, "0");
        var running = Running(pid);
        var attached = _bench.Reattach.ReattachAsync(Context("e", LaunchBench.Plan()), running, default).WaitAsync(LaunchBench.Limit);
        await File.WriteAllTextAsync(go, "");
        Assert.Null(await attached);
        Assert.Null(await _bench.Reattach.ReattachAsync(Context("e", LaunchBench.Plan()), running, default));
    }

    [Theory]
    [InlineData(1, "")]
    [InlineData(0, "00000000-0000-0000-0000-000000000000")]
    public async Task A_process_that_only_has_the_same_pid_is_not_attached_to(long startOffset, string bootId)
    {
        var pid = await BeginAsync("f", 1, "sleep", "1000");
        var running = Running(pid);
        running = running with
        {
            StartTime = running.StartTime + startOffset,
            BootId = bootId.Length > 0 ? bootId : running.BootId,
        };
        Assert.Null(await _bench.Reattach.ReattachAsync(Context("f", LaunchBench.Plan()), running, default).WaitAsync(LaunchBench.Limit));
        Assert.True(ProcProbe.IsAlive(pid));
    }

    [Fact]
    public async Task An_attached_run_keeps_its_limit_counted_from_its_own_start()
    {
        var pid = await BeginAsync("g", 1, "setsid");
        var plan = LaunchBench.Plan() with { Timeout = TimeSpan.FromMilliseconds(1) };
        var result = await _bench.Reattach.ReattachAsync(Context("g", plan), Running(pid), default).WaitAsync(LaunchBench.Limit);
        Assert.NotNull(result);
        Assert.Equal(Outcome.Timeout, result.Outcome);
        Assert.Equal(0, result.Survivors);
        Assert.Null(result.ExitCode);
        Assert.Empty(Marked("g:1"));
    }

    [Fact]
    public async Task An_attached_run_can_be_cancelled()
    {
        var pid = await BeginAsync("h", 1, "tree", "3");
        using var cancel = new CancellationTokenSource();
        var attached = _bench.Reattach.ReattachAsync(Context("h", LaunchBench.Plan()), Running(pid), cancel.Token).WaitAsync(LaunchBench.Limit);
        await cancel.CancelAsync();
        Assert.Equal(Outcome.Cancelled, (await attached)!.Outcome);
        Assert.Empty(Marked("h:1"));
    }

    [Fact]
    public async Task Output_files_of_an_attached_run_are_read()
    {
        var go = Path.Combine(_bench.Root, "go");
        var pid = await BeginAsync("i", 1, "wait-result", go, "1", "");
        await File.WriteAllTextAsync(Path.Combine(_bench.Folders.PathOf(new RequestId("i"), 1), "stderr"), "ERROR: no room\n");
        await File.WriteAllTextAsync(Path.Combine(_bench.Folders.PathOf(new RequestId("i"), 1), "stdout"), "half done\n");
        var plan = LaunchBench.Plan() with { Capture = CaptureMode.Files };
        var attached = _bench.Reattach.ReattachAsync(Context("i", plan), Running(pid), default).WaitAsync(LaunchBench.Limit);
        await File.WriteAllTextAsync(go, "");
        var result = await attached;
        Assert.Equal("ERROR: no room", result!.Reason);
        Assert.Equal("half done\n", result.Stdout);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_doer_that_is_gone_has_printed_is_kept_whether_it_told_its_end_or_not(bool told)
    {
        var logs = Path.Combine(_bench.Root, "logs");
        using (var bench = new LaunchBench(configure: o => o.RunLogFolder = logs))
        {
            var folder = bench.Folders.Create(Run("n", 1));
            await File.WriteAllTextAsync(Path.Combine(folder, "stdout"), "half done\n");
            await File.WriteAllTextAsync(Path.Combine(folder, told ? "result.json" : "other"), """{"exit_code":0,"result":""}""");
            var plan = LaunchBench.Plan() with { Capture = CaptureMode.Files };
            var result = await bench.Reattach.ReattachAsync(Context("n", plan), Running(Environment.ProcessId) with { StartTime = 1 }, default);
            Assert.Equal(told, result is not null);
        }

        Assert.Contains("out half done", await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(logs))), StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_of_requests_that_are_not_kept_are_removed()
    {
        _bench.Folders.Create(Run("x-1", 2));
        _bench.Folders.Create(Run("x-1", 2) with { IsLookUp = true });
        _bench.Folders.Create(Run("y", 1));
        _bench.Folders.Create(Run("y", 1) with { IsLookUp = true });
        Assert.Equal(2, _bench.Folders.RemoveAllBut(static id => id.Value == "x-1"));
        Assert.True(Directory.Exists(_bench.Folders.PathOf(new RequestId("x-1"), 2)));
        Assert.True(Directory.Exists(_bench.Folders.PathOf(Run("x-1", 2) with { IsLookUp = true })));
        Assert.False(Directory.Exists(_bench.Folders.PathOf(new RequestId("y"), 1)));
        Assert.False(Directory.Exists(_bench.Folders.PathOf(Run("y", 1) with { IsLookUp = true })));
    }

    private static RunContext Run(string request, int attempt) => Context(request, new DoerPlan { Program = "x", Timeout = TimeSpan.FromSeconds(1) }) with
    {
        Attempt = attempt,
    };

    private static RunContext Context(string request, DoerPlan plan) =>
        new() { RequestId = new RequestId(request), MsgType = new MsgType("test"), Attempt = 1, Plan = plan };

    private static RunningProcess Running(int pid) =>
        new(pid, ProcProbe.Stat(pid)!.Value.Start, File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(), "/x/dummy-doer", "");

    private static void EndOne(int pid)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(pid);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It ended by itself, with its parent for example.
        }
    }

    private List<int> Marked(string mark) => ProcProbe.Living($"{DoerMark.Variable}={_bench.StateId}:{mark}");

    /// <summary>
    /// Starts a doer as a former agent would have, below a shell that lives on in its place: it is no child of this process.
    /// </summary>
    /// <summary>A doer that is gone, and has left three that carry its mark.</summary>
    private async Task<RunningProcess> LeaveAsync(string request)
    {
        var pid = await BeginAsync(request, 1, "tree", "3");
        await Eventually.HoldsAsync(() => Marked($"{request}:1").Count == 4, "all are there");
        var running = Running(pid);
        Posix.Kill(pid, PosixSignalNumber.Kill);
        await Eventually.HoldsAsync(() => !ProcProbe.IsAlive(pid), "the doer is gone");
        return running;
    }

    private async Task<int> BeginAsync(string request, int attempt, params string[] command)
    {
        var folder = _bench.Folders.Create(Run(request, attempt));
        var script = $"cd '{folder}'; setsid '{Path.Combine(AppContext.BaseDirectory, "dummy-doer")}' \"$@\" >/dev/null 2>&1 & unset OPSAGENT_MARK; wait; exec sleep 1000";
        var start = new System.Diagnostics.ProcessStartInfo("/usr/bin/env", ["sh", "-c", script, "sh", .. command]);
        start.ArgumentList.Insert(0, $"MARK={DoerMark.Value(_bench.StateId, new RequestId(request), attempt)}");
        start.ArgumentList[3] = start.ArgumentList[3].Replace("setsid", $"{DoerMark.Variable}=\"$MARK\" OPSAGENT_RESULT_DIR='{folder}' setsid", StringComparison.Ordinal);
        _keepers.Add(System.Diagnostics.Process.Start(start)!);
        var ready = Path.Combine(folder, "ready");
        await Eventually.HoldsAsync(() => File.Exists(ready), "the doer is ready");
        return int.Parse(await File.ReadAllTextAsync(ready));
    }
}
