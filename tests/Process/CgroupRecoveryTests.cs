using System.Globalization;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Launching;
using OpsAgent.Agent.Launching.Cgroups;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Cgroups;
using Xunit;

namespace OpsAgent.Tests.Process;

/// <summary>What a former agent left in its doers' cgroups, though nothing else tells whose it is.</summary>
[Collection(nameof(Alone))]
public sealed class CgroupRecoveryTests : IAsyncLifetime
{
    private readonly DelegatedCgroup? _own = DelegatedCgroup.Missing() is null ? new DelegatedCgroup() : null;
    private readonly List<ChildProcess> _keepers = [];
    private readonly LaunchBench _bench;

    public CgroupRecoveryTests() => _bench = new LaunchBench(cgroup: _own is null ? null : OwnCgroup.Of(_own.Folder));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var keeper in _keepers)
        {
            await keeper.DisposeAsync();
        }

        _bench.Dispose();
        _own?.Dispose();
    }

    [CgroupFact]
    public async Task Before_a_request_is_run_again_it_is_ended()
    {
        var (_, escaped) = await BeginAsync("a", doerLives: false);
        var (_, other) = await BeginAsync("a:1", doerLives: false);
        var report = await _bench.Runner.EndLeftoversAsync(new RequestId("a"), CancellationToken.None).WaitAsync(LaunchBench.Limit);
        Assert.Equal(new LeftoverReport(1, 0), report);
        Assert.Equal((false, true), (ProcProbe.IsAlive(escaped), ProcProbe.IsAlive(other)));
        Assert.Equal("doer-" + DoerMark.Value(_bench.StateId, new RequestId("a:1"), 1), Path.GetFileName(Assert.Single(_own!.Doers)));
    }

    [CgroupTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_former_agents_doer_has_started_is_ended_with_it_or_behind_it(bool doerLives)
    {
        var (doer, escaped) = await BeginAsync("b", doerLives);
        var process = new RunningProcess(doer, doerLives ? ProcProbe.Stat(doer)!.Value.Start : 1, BootClock.Id, "/x/dummy-doer", "");
        var plan = LaunchBench.Plan() with { Timeout = TimeSpan.FromMilliseconds(1) };
        if (!doerLives)
        {
            await File.WriteAllTextAsync(Path.Combine(_bench.Folders.PathOf(new RequestId("b"), 1), "result.json"), """{"exit_code":0,"result":""}""");
        }

        var result = await _bench.Reattach.ReattachAsync(Context("b", plan), process, default).WaitAsync(LaunchBench.Limit);
        Assert.Equal((doerLives ? Outcome.Timeout : Outcome.Ok, 0), (result?.Outcome, result?.Survivors));
        Assert.Equal((false, false), (ProcProbe.IsAlive(doer), ProcProbe.IsAlive(escaped)));
        Assert.Empty(_own!.Doers);
    }

    [CgroupFact]
    public async Task What_it_has_started_is_let_be_and_named_where_it_told_nothing()
    {
        var (doer, escaped) = await BeginAsync("f", doerLives: false);
        var process = new RunningProcess(doer, 1, BootClock.Id, "/x/dummy-doer", "");
        Assert.Null(await _bench.Reattach.ReattachAsync(Context("f", LaunchBench.Plan()), process, default).WaitAsync(LaunchBench.Limit));
        Assert.True(ProcProbe.IsAlive(escaped));
        Assert.Equal([escaped], await _bench.Reattach.LivingAsync(Context("f", LaunchBench.Plan()), default));
    }

    [CgroupFact]
    public async Task A_keepers_cgroup_is_found_wherever_its_agent_had_it()
    {
        var (doer, escaped) = await BeginAsync("c", doerLives: true);
        using var elsewhere = new LaunchBench(configure: o => o.StateId = _bench.StateId);
        var process = new RunningProcess(doer, ProcProbe.Stat(doer)!.Value.Start, BootClock.Id, "/x/dummy-doer", "");
        var plan = LaunchBench.Plan() with { Timeout = TimeSpan.FromMilliseconds(1) };
        var result = await elsewhere.Reattach.ReattachAsync(Context("c", plan), process, default).WaitAsync(LaunchBench.Limit);
        Assert.Equal((Outcome.Timeout, 0), (result?.Outcome, result?.Survivors));
        Assert.Equal((false, false), (ProcProbe.IsAlive(doer), ProcProbe.IsAlive(escaped)));
    }

    [CgroupFact]
    public async Task At_start_cgroups_of_requests_that_are_over_are_emptied_and_removed()
    {
        var (_, kept) = await BeginAsync("d", doerLives: false);
        var (_, over) = await BeginAsync("e", doerLives: false);
        Directory.CreateDirectory($"{_own!.Folder}/doer-{_bench.StateId}:d:2");
        Directory.CreateDirectory($"{_own.Folder}/doer-other:e:1");
        _bench.Runner.ForgetAllBut(new HashSet<RequestId> { new("d") });
        await Eventually.HoldsAsync(() => !ProcProbe.IsAlive(over), "it is killed");
        Assert.True(ProcProbe.IsAlive(kept));

        // The one that was populated goes with the next start of a doer.
        Assert.Equal(Outcome.Ok, (await _bench.RunAsync(LaunchBench.Plan("exit", "0"))).Outcome);
        await Eventually.HoldsAsync(() => _own.Doers.Count() == 2, "the rest are removed");
        Assert.Equal([$"doer-{_bench.StateId}:d:1", "doer-other:e:1"], _own.Doers.Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private static RunContext Context(string request, DoerPlan plan) =>
        new() { RequestId = new RequestId(request), MsgType = new MsgType("test"), Attempt = 1, Plan = plan };

    /// <summary>Starts a doer in a cgroup as a former agent would have; what has escaped it lives, and its parent does not.</summary>
    private async Task<(int Doer, int Escaped)> BeginAsync(string request, bool doerLives)
    {
        var mark = DoerMark.Value(_bench.StateId, new RequestId(request), 1);
        var folder = _bench.Folders.Create(Context(request, LaunchBench.Plan()));
        var cgroup = Directory.CreateDirectory($"{_own!.Folder}/doer-{mark}").FullName;
        var program = Path.Combine(AppContext.BaseDirectory, "dummy-doer");

        // Below a shell that lives on in its place: it is no child of this process, which reaps what leads another session.
        var script = $"""
            {DoerMark.Variable}={mark} sh -c 'echo $$ >{cgroup}/cgroup.procs; cd {folder}; exec setsid {program} escape-and-wait escaped' &
            wait; exec sleep 1000
            """;
        _keepers.Add(ChildProcess.Start("/bin/sh", ["-c", script], new Dictionary<string, string>()));
        await Eventually.HoldsAsync(() => File.Exists(Path.Combine(folder, "ready")), "the doer is ready");
        var doer = int.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "ready")), CultureInfo.InvariantCulture);
        var escaped = int.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "escaped")), CultureInfo.InvariantCulture);
        if (!doerLives)
        {
            Posix.Kill(doer, PosixSignalNumber.Kill);
            await Eventually.HoldsAsync(() => !ProcProbe.IsAlive(doer), "the doer is gone");
        }

        return (doer, escaped);
    }
}
