using OpsAgent.Doers.Facility;
using OpsAgent.OpsCtl;
using OpsAgent.OpsCtl.Doctor;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Doctor;

public sealed class RunTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public async Task A_check_that_hangs_is_told_with_what_it_found_and_holds_no_other()
    {
        var done = new TaskCompletionSource();
        var hanging = new Check("broker", async (findings, stop) =>
        {
            findings.Ok("connection", "there");
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, stop);
        });
        var quick = new Check("pcs", (findings, _) =>
        {
            findings.Ok("catalogue", "there");
            done.SetResult();
            return Task.CompletedTask;
        });

        var running = new DoctorRun([hanging, quick], TimeSpan.FromSeconds(20), _time).RunAsync(CancellationToken.None);
        await done.Task.WaitAsync(Eventually.Limit);
        Assert.False(running.IsCompleted);
        await PassAsync(running);

        var found = (await running).Select(static f => $"{f.Check} {f.Subject} {f.State}");
        Assert.Equal(["broker connection Ok", "broker limit Failed", "pcs catalogue Ok"], found);
    }

    [Fact]
    public async Task A_check_that_never_returns_to_its_caller_is_left_behind_too()
    {
        using var release = new ManualResetEventSlim();
        var stuck = new Check("cache", (_, _) =>
        {
            release.Wait(CancellationToken.None);
            return Task.CompletedTask;
        });

        var running = new DoctorRun([stuck], TimeSpan.FromSeconds(20), _time).RunAsync(CancellationToken.None);
        await PassAsync(running);

        Assert.Equal("limit", Assert.Single(await running).Subject);
        release.Set();
    }

    [Fact]
    public async Task What_a_check_throws_is_told_as_its_failure()
    {
        IDoctorCheck[] checks =
        [
            new Check("a", static (_, _) => throw new OpsCtlException(78, "ACTIVEMQ_PORT is 'x'", "set it")),
            new Check("b", static (_, _) => throw new DoerException(DoerExit.Configuration, "RUCIO_URL must be https")),
            new Check("c", static (_, _) => throw new InvalidOperationException("oops")),
        ];

        var found = await new DoctorRun(checks, TimeSpan.FromSeconds(20), _time).RunAsync(CancellationToken.None);

        Assert.Equal(["ACTIVEMQ_PORT is 'x'", "RUCIO_URL must be https", "unexpected InvalidOperationException: oops"], found.Select(static f => f.Line));
        Assert.All(found, static f => Assert.Equal(FindingState.Failed, f.State));
        Assert.All(found, static f => Assert.False(string.IsNullOrEmpty(f.Suggestion)));
    }

    [Fact]
    public async Task Ctrl_C_ends_it()
    {
        using var stop = new CancellationTokenSource();
        var running = new DoctorRun([new Check("a", (_, s) => Task.Delay(Timeout.InfiniteTimeSpan, _time, s))], TimeSpan.FromSeconds(20), _time)
            .RunAsync(stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Eventually.Limit));
    }

    private Task PassAsync(Task running) => Eventually.HoldsAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return running.IsCompleted;
        },
        "the run is over");

    private sealed class Check(string name, Func<Findings, CancellationToken, Task> run) : IDoctorCheck
    {
        public string Name => name;

        public Task RunAsync(Findings findings, CancellationToken stop) => run(findings, stop);
    }
}
