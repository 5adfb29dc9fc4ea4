using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

public sealed class DrainTests : IDisposable
{
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task What_runs_is_waited_for_what_waits_stays_and_nobody_is_signalled()
    {
        await using var room = await Room.StartAsync(_state, work: o => o.Lanes["fetch"] = 1);
        var end = new TaskCompletionSource<RunResult>();
        var signalled = false;
        room.Runner.OnRun = (_, token) =>
        {
            token.Register(() => signalled = true);
            return end.Task;
        };
        await room.AcceptAsync("runs", "runs");
        await room.AcceptAsync("waits", "waits");
        await Eventually.HoldsAsync(() => room.Runner.Running == 1, "one runs");

        var drain = room.Work.DrainAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        await Eventually.HoldsAsync(() => room.Time.ArmedTimers > 0, "the drain waits");
        room.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(drain.IsCompleted);
        end.SetResult(FakeRunner.Ok);
        await drain;

        Assert.False(signalled);
        Assert.Equal(0L, Sql.Scalar(_state, "SELECT state FROM work WHERE request_id = 'waits'"));
        Assert.Equal(4L, Sql.Scalar(_state, "SELECT state FROM work WHERE request_id = 'runs'"));
        Assert.Single(room.Bus.Settlements);
        Assert.Equal(0L, Sql.Scalar(_state, "SELECT count(*) FROM outbox"));
        Assert.Single(room.Runner.Started);
    }

    [Fact]
    public async Task A_ledger_that_does_not_commit_does_not_hold_up_the_stop()
    {
        await using var room = await Room.StartAsync(_state);
        var end = new TaskCompletionSource<RunResult>();
        room.Runner.OnRun = (_, _) => end.Task;
        await room.AcceptAsync("k", "r");
        await Eventually.HoldsAsync(() => room.Runner.Running == 1, "it runs");
        using var other = Sql.Open(_state);
        Sql.Run(other, "BEGIN IMMEDIATE");
        end.SetResult(FakeRunner.Ok);
        await Eventually.HoldsAsync(() => !room.Ledger.CanCommit, "its settlement can't be committed");

        var drain = room.Work.DrainAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        await Eventually.HoldsAsync(
            () =>
            {
                room.Time.Advance(TimeSpan.FromSeconds(10));
                return drain.IsCompleted;
            },
            "the drain ends");
        await drain;

        // What was not settled is as it was, for the next start to settle.
        Sql.Run(other, "ROLLBACK");
        Assert.NotEqual(4L, Sql.Scalar(_state, "SELECT state FROM work WHERE request_id = 'r'"));
    }

    [Fact]
    public async Task What_must_finish_is_waited_for_though_what_has_ended_can_not_be_settled_for_a_while()
    {
        var submit = new FakeHandler("submit");
        submit.Template = submit.Template with { Recovery = RecoveryPolicy.Report, OnDrain = DrainPolicy.Finish };
        await using var room = await Room.StartAsync(_state, second: submit);
        var (fetched, submitted) = (new TaskCompletionSource<RunResult>(), new TaskCompletionSource<RunResult>());
        room.Runner.OnRun = (c, _) => c.MsgType == submit.MsgType ? submitted.Task : fetched.Task;
        await room.AcceptAsync("fetch", "fetch");
        await room.AcceptAsync(room.Message("submit", "submit", type: "submit"), submit);
        await Eventually.HoldsAsync(() => room.Runner.Running == 2, "both run");
        using var other = Sql.Open(_state);
        Sql.Run(other, "BEGIN IMMEDIATE");
        fetched.SetResult(FakeRunner.Ok);
        await Eventually.HoldsAsync(() => !room.Ledger.CanCommit, "its settlement can't be committed");

        var drain = room.Work.DrainAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        for (var looks = 0; looks < 60; looks++)
        {
            await Eventually.HoldsAsync(() => room.Time.ArmedTimers > 0, "the drain looks again");
            room.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.False(drain.IsCompleted);
        }

        Sql.Run(other, "ROLLBACK");
        submitted.SetResult(FakeRunner.Ok);
        await Eventually.HoldsAsync(
            () =>
            {
                room.Time.Advance(TimeSpan.FromSeconds(1));
                return drain.IsCompleted;
            },
            "the drain ends");
        await drain;
        Assert.Equal([4L, 4L], [Sql.Scalar(_state, "SELECT state FROM work WHERE request_id = 'fetch'"), Sql.Scalar(_state, "SELECT state FROM work WHERE request_id = 'submit'")]);
    }

    [Fact]
    public async Task At_the_limit_what_may_run_again_is_ended_and_queued_and_what_must_finish_is_waited_for()
    {
        var submit = new FakeHandler("submit");
        submit.Template = submit.Template with { Recovery = RecoveryPolicy.Report, OnDrain = DrainPolicy.Finish };
        await using var room = await Room.StartAsync(_state, second: submit);
        var end = new TaskCompletionSource<RunResult>();
        room.Runner.OnRun = (c, token) => c.MsgType == submit.MsgType ? end.Task.WaitAsync(token) : FakeRunner.Forever(c, token);
        await room.AcceptAsync("fetch", "fetch");
        await room.AcceptAsync(room.Message("submit", "submit", type: "submit"), submit);
        await Eventually.HoldsAsync(() => room.Runner.Running == 2, "both run");

        var drain = room.Work.DrainAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        await Eventually.HoldsAsync(() => room.Time.ArmedTimers > 0, "the drain waits");
        room.Time.Advance(TimeSpan.FromSeconds(31));
        await Eventually.HoldsAsync(() => room.Row(new RequestId("fetch")).State == "queued", "the fetch is queued again");
        room.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.False(drain.IsCompleted);
        end.SetResult(FakeRunner.Ok);
        await drain;

        Assert.Equal(4L, Sql.Scalar(_state, "SELECT state FROM work WHERE request_id = 'submit'"));
        Assert.Equal(["submit"], room.Bus.Settlements.Select(s => s.GetProperty("request_id").GetString()));
        Assert.Equal(0L, Sql.Scalar(_state, "SELECT unended FROM work WHERE request_id = 'fetch'"));

        await using var next = await Room.StartAsync(_state, second: submit);
        await next.SettledAsync(new RequestId("fetch"));
        Assert.Equal([("fetch", 2)], next.Runner.Started.Select(s => (s.RequestId.Value, s.Attempt)));
    }

    [Fact]
    public async Task Work_that_is_never_started_twice_is_not_ended_by_a_drain_even_if_its_capability_says_requeue()
    {
        var handler = new FakeHandler("fetch");
        handler.Template = handler.Template with { Recovery = RecoveryPolicy.Report, OnDrain = DrainPolicy.Requeue };
        await using var room = await Room.StartAsync(_state, handler: handler);
        var end = new TaskCompletionSource<RunResult>();
        room.Runner.OnRun = (_, token) => end.Task.WaitAsync(token);
        await room.AcceptAsync("k", "k");
        await Eventually.HoldsAsync(() => room.Runner.Running == 1, "it runs");

        var drain = room.Work.DrainAsync(TimeSpan.Zero, CancellationToken.None);
        end.SetResult(FakeRunner.Ok);
        await drain;
        Assert.Equal(4L, Sql.Scalar(_state, "SELECT state FROM work"));
    }

    [Fact]
    public async Task A_soft_drain_ends_at_once_what_may_run_again_and_waits_on_for_what_must_finish()
    {
        var (submit, end) = (Submit(), new TaskCompletionSource<RunResult>());
        await using var room = await BothRunAsync(submit, end);

        var drain = room.Work.DrainAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        Assert.Equal("running", room.Row(new RequestId("fetch")).State);
        room.Pace.Soften();
        await Eventually.HoldsAsync(() => room.Row(new RequestId("fetch")).State == "queued", "the fetch is queued again");
        room.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.False(drain.IsCompleted);
        end.SetResult(FakeRunner.Ok);
        await drain;
        Assert.Equal(4L, Sql.Scalar(_state, "SELECT state FROM work WHERE request_id = 'submit'"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cold_drain_ends_all_that_may_run_again_and_leaves_what_must_not_run_twice(bool softFirst)
    {
        var submit = Submit();
        await using var room = await BothRunAsync(submit, new TaskCompletionSource<RunResult>());
        var drain = room.Work.DrainAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        if (softFirst)
        {
            room.Pace.Soften();
        }

        room.Pace.Chill();
        await drain;
        Assert.Equal(0L, Sql.Scalar(_state, "SELECT state FROM work WHERE request_id = 'fetch'"));
        Assert.Equal(1L, Sql.Scalar(_state, "SELECT state FROM work WHERE request_id = 'submit'"));
    }

    [Fact]
    public async Task A_drain_that_is_cut_short_leaves_what_must_finish_to_the_next_start()
    {
        var handler = new FakeHandler("fetch");
        handler.Template = handler.Template with { Recovery = RecoveryPolicy.Report, OnDrain = DrainPolicy.Finish };
        await using var room = await Room.StartAsync(_state, handler: handler);
        room.Runner.OnRun = FakeRunner.Forever;
        await room.AcceptAsync("k", "k");
        await Eventually.HoldsAsync(() => room.Row(new RequestId("k")).State == "running", "it runs");
        using var cut = new CancellationTokenSource();

        var drain = room.Work.DrainAsync(TimeSpan.FromSeconds(30), cut.Token);
        await cut.CancelAsync();
        await drain;

        Assert.Equal(2L, Sql.Scalar(_state, "SELECT state FROM work"));
    }

    [Fact]
    public async Task A_broker_that_is_away_does_not_hold_a_drain_and_loses_nothing()
    {
        var bus = new FakeBus(connected: false);
        await using var room = await Room.StartAsync(_state, bus: bus);
        await room.AcceptAsync("k", "k");
        await room.SettledAsync(new RequestId("k"));

        var drain = room.Work.DrainAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        await Eventually.HoldsAsync(
            () =>
            {
                room.Time.Advance(TimeSpan.FromSeconds(10));
                return drain.IsCompleted;
            },
            "the drain ends");
        await drain;

        Assert.Equal(2L, Sql.Scalar(_state, "SELECT count(*) FROM outbox"));
        await using var next = await Room.StartAsync(_state);
        await next.PublishedAsync(1);
        Assert.Equal(2, next.Bus.Sent);
    }

    [Fact]
    public async Task Every_request_of_a_drain_under_load_is_settled_once_or_queued()
    {
        await using (var room = await Room.StartAsync(_state))
        {
            room.Runner.OnRun = async (_, token) =>
            {
                await Task.Yield();
                return token.IsCancellationRequested ? new RunResult { Outcome = Outcome.Cancelled } : FakeRunner.Ok;
            };
            var accepts = Enumerable.Range(0, 400).Select(i => room.AcceptAsync($"k{i}", $"r{i}")).ToList();
            await Eventually.HoldsAsync(() => room.Runner.Started.Count > 20, "some ran");
            await room.Work.DrainAsync(TimeSpan.Zero, CancellationToken.None);
            Assert.All(accepts, a => Assert.True(a.IsCompleted));
        }

        Assert.Equal(0L, Sql.Scalar(_state, "SELECT count(*) FROM work WHERE state NOT IN (0, 4)"));
        await using var next = await Room.StartAsync(_state);
        await Eventually.HoldsAsync(() => next.View.Counts is { Queued: 0, Running: 0 }, "the rest ran");
        Assert.Equal(0L, Sql.Scalar(_state, "SELECT count(*) FROM work WHERE state != 4"));
    }

    private static FakeHandler Submit()
    {
        var submit = new FakeHandler("submit");
        submit.Template = submit.Template with { Recovery = RecoveryPolicy.Report, OnDrain = DrainPolicy.Finish };
        return submit;
    }

    private async Task<Room> BothRunAsync(FakeHandler submit, TaskCompletionSource<RunResult> end)
    {
        var room = await Room.StartAsync(_state, second: submit);
        room.Runner.OnRun = (c, token) => c.MsgType == submit.MsgType ? end.Task.WaitAsync(token) : FakeRunner.Forever(c, token);
        await room.AcceptAsync("fetch", "fetch");
        await room.AcceptAsync(room.Message("submit", "submit", type: "submit"), submit);
        await Eventually.HoldsAsync(() => room.Runner.Running == 2 && room.Row(new RequestId("fetch")).State == "running", "both run");
        return room;
    }
}
