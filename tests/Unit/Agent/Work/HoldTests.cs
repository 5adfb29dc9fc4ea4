using System.Text.Json;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Holds;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>Work whose credential is over waits, and goes on when it is good again.</summary>
public sealed class HoldTests : IDisposable
{
    private static readonly MsgType Fetch = new("fetch");

    private readonly TemporaryState _state = new();
    private readonly FakeGate _gate = new();
    private readonly FakeTime _time = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task It_burns_no_attempt_is_told_once_goes_on_at_renewal_and_runs_once_while_others_of_its_lane_run()
    {
        var other = new FakeHandler("other");
        await using var room = await StartAsync(second: other, slots: 1);
        _gate.Take("fetch");

        await room.AcceptAsync("1", "held");
        await ToldAsync(room, 1);
        await room.AcceptAsync(room.Message("2", "beside", type: "other"), other);
        await room.SettledAsync(new RequestId("beside"));
        await ProbeAsync(room, 20);

        var row = room.Row(new RequestId("held"));
        Assert.Equal(("queued", 0), (row.State, row.Attempts));
        var told = Assert.Single(Told(room));
        Assert.Equal(
            ("held", "fetch", "credential proxy (it expired)", "2026-01-01T01:00:00Z", "wenaus"),
            (Text(told, "request_id"), Text(told, "request_type"), Text(told, "reason"), Text(told, "until"), Text(told, "requested_by")));
        Assert.Equal(["beside"], room.Runner.Started.Select(s => s.RequestId.Value));

        _gate.Give("fetch");
        room.Time.Advance(LaneBoard.BetweenProbes);
        await room.SettledAsync(new RequestId("held"));
        await room.PublishedAsync(2);

        Assert.Equal((Outcome.Ok, 1), (room.Row(new RequestId("held")).Outcome, room.Row(new RequestId("held")).Attempts));
        Assert.Equal(2, room.Runner.Started.Count);
        Assert.Single(Told(room));
        Assert.Empty(room.Holds.All);
        await Eventually.HoldsAsync(() => room.Time.ArmedTimers == 0 || room.Holds.All.Count == 0, "nothing is looked at any more");
    }

    [Fact]
    public async Task Each_that_waits_is_told_once_a_hold_also_one_that_comes_during_it_and_again_in_the_next()
    {
        await using var room = await StartAsync();
        _gate.Take("fetch");
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => room.AcceptAsync($"k{i}", $"r{i}")));
        await ToldAsync(room, 300);
        await ProbeAsync(room, 5);
        await room.AcceptAsync("late", "late");
        await ToldAsync(room, 301);
        await ProbeAsync(room, 5);
        Assert.Equal(301, Told(room).Select(t => Text(t, "request_id")).Distinct().Count());

        _gate.Give("fetch");
        room.Time.Advance(LaneBoard.BetweenProbes);
        await Eventually.HoldsAsync(() => room.View.Counts is { Queued: 0, Running: 0 }, "all ran");
        Assert.Equal(301, room.Runner.Started.Select(s => s.RequestId).Distinct().Count());
        Assert.Equal(301, room.Runner.Started.Count);

        _gate.Take("fetch");
        await room.AcceptAsync("again", "again");
        await ToldAsync(room, 302);
        Assert.Equal(302, Told(room).Count);
    }

    [Fact]
    public async Task A_restart_in_the_middle_tells_nobody_again_and_gives_no_more_time()
    {
        _gate.Take("fetch");
        await using (var first = await StartAsync())
        {
            await first.AcceptAsync("1", "a");
            await ToldAsync(first, 1);
            await first.Work.DrainAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        }

        _time.Advance(TimeSpan.FromMinutes(40));
        await using var room = await StartAsync();
        Assert.Equal("fetch", Assert.Single(room.Holds.All).MsgType.Value);
        await room.AcceptAsync("2", "b");
        await ToldAsync(room, 1);
        await ProbeAsync(room, 3);
        Assert.Equal("b", Text(Assert.Single(Told(room)), "request_id"));

        room.Time.Advance(TimeSpan.FromMinutes(25));
        await room.SettledAsync(new RequestId("a"));
        Assert.Equal(Outcome.Rejected, room.Row(new RequestId("a")).Outcome);
        Assert.Equal("queued", room.Row(new RequestId("b")).State);
    }

    [Fact]
    public async Task A_hold_of_an_earlier_run_ends_with_the_last_that_waited_though_it_was_never_looked_at()
    {
        var handler = new FakeHandler("fetch");
        handler.Template = handler.Template with { MaxAge = TimeSpan.FromMinutes(15) };
        _gate.Take("fetch");
        await using (var first = await StartAsync(handler))
        {
            await first.AcceptAsync("1", "a");
            await first.AcceptAsync("2", "b");
            await ToldAsync(first, 2);
            await first.Work.DrainAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        }

        using (var ledger = Sql.Open(_state))
        {
            Sql.Run(ledger, "INSERT INTO hold(msg_type, lane, reason, since) VALUES('other', 'fetch', 'credential proxy (it expired)', 1)");
        }

        _time.Advance(TimeSpan.FromMinutes(16));
        await using var room = await StartAsync(handler);
        Assert.Null(room.Holds.Find(new MsgType("other")));
        await room.SettledAsync(new RequestId("a"));
        await room.SettledAsync(new RequestId("b"));
        await ProbeAsync(room, 1);

        await Eventually.HoldsAsync(() => room.Holds.All.Count == 0, "nothing is held where nothing waits");
        Assert.All(room.Bus.Settlements, s => Assert.EndsWith("held: credential proxy (it expired)", Text(s, "reason"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_type_that_waits_in_two_lanes_is_held_until_it_waits_in_neither()
    {
        await using var room = await StartAsync();
        _gate.Take("fetch");
        await room.AcceptAsync("1", "a");
        await ToldAsync(room, 1);
        room.Handler.Template = room.Handler.Template with { Lane = new LaneName("new") };
        await room.AcceptAsync("2", "b");
        await ProbeAsync(room, 1);

        Assert.Equal(CancelAnswer.Cancelled, await room.View.CancelAsync(new RequestId("a"), force: false, "alice", default));
        await ProbeAsync(room, 3);
        var held = Assert.Single(room.Holds.All);
        Assert.Equal(_time.GetUtcNow() - TimeSpan.FromSeconds(4), held.Since);

        Assert.Equal(CancelAnswer.Cancelled, await room.View.CancelAsync(new RequestId("b"), force: false, "alice", default));
        await ProbeAsync(room, 1);
        await Eventually.HoldsAsync(() => room.Holds.All.Count == 0, "nothing is held where nothing waits");
    }

    [Fact]
    public async Task At_the_end_of_its_hold_it_is_rejected_with_the_reason_and_never_started()
    {
        await using var room = await StartAsync();
        _gate.Take("fetch", maxHold: TimeSpan.FromMinutes(10));
        await room.AcceptAsync("1", "a");
        await room.AcceptAsync("2", "b");
        await ToldAsync(room, 2);

        room.Time.Advance(TimeSpan.FromMinutes(9));
        await ProbeAsync(room, 1);
        Assert.Equal("queued", room.Row(new RequestId("a")).State);
        room.Time.Advance(TimeSpan.FromMinutes(2));
        await room.SettledAsync(new RequestId("a"));
        await room.SettledAsync(new RequestId("b"));
        await room.PublishedAsync(2);

        var row = room.Row(new RequestId("a"));
        Assert.Equal((Outcome.Rejected, 0), (row.Outcome, row.Attempts));
        Assert.Matches("^held for 6[0-9]{2} s: credential proxy [(]it expired[)]$", row.Reason);
        Assert.Empty(room.Runner.Started);
        Assert.All(room.Bus.Settlements, s => Assert.Equal("rejected", Text(s, "outcome")));

        // Nothing waits any more, so nothing is held.
        room.Time.Advance(LaneBoard.BetweenProbes);
        await Eventually.HoldsAsync(() => room.Holds.All.Count == 0, "the hold ends with the last that waited");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public async Task A_clock_that_leaps_makes_no_hold_longer_or_shorter(int hours)
    {
        await using var room = await StartAsync();
        _gate.Take("fetch", maxHold: TimeSpan.FromMinutes(10));
        await room.AcceptAsync("1", "a");
        await ToldAsync(room, 1);
        room.Time.Advance(TimeSpan.FromMinutes(5));
        room.Time.Jump(TimeSpan.FromHours(hours));
        await ProbeAsync(room, 3);
        Assert.Equal("queued", room.Row(new RequestId("a")).State);

        room.Time.Advance(TimeSpan.FromMinutes(6));
        await room.SettledAsync(new RequestId("a"));
        Assert.Matches("^held for 6[0-9]{2} s: ", room.Row(new RequestId("a")).Reason);
    }

    [Fact]
    public async Task Its_age_counts_while_it_is_held_and_until_says_so()
    {
        var handler = new FakeHandler("fetch");
        handler.Template = handler.Template with { MaxAge = TimeSpan.FromMinutes(15) };
        await using var room = await StartAsync(handler: handler);
        _gate.Take("fetch");
        await room.AcceptAsync("1", "a");
        await ToldAsync(room, 1);
        Assert.Equal("2026-01-01T00:15:00Z", Text(Told(room)[0], "until"));

        room.Time.Advance(TimeSpan.FromMinutes(16));
        await Eventually.HoldsAsync(
            () =>
            {
                // The look during which it was told may end only now.
                room.Time.Advance(LaneBoard.BetweenProbes);
                return room.Row(new RequestId("a")).State == "settled";
            },
            "a is settled");

        var row = room.Row(new RequestId("a"));
        Assert.Equal(Outcome.Rejected, row.Outcome);
        Assert.EndsWith("before it could start; held: credential proxy (it expired)", row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_in_a_hold_tells_nobody_twice()
    {
        await using var room = await StartAsync();
        _gate.Take("fetch");
        await room.AcceptAsync("1", "a");
        await ToldAsync(room, 1);

        room.Time.Jump(TimeSpan.FromMinutes(-5));
        await room.AcceptAsync("2", "b");
        await ToldAsync(room, 2);
        Assert.Equal(CancelAnswer.Cancelled, await room.View.CancelAsync(new RequestId("a"), force: false, "alice", default));
        for (var i = 0; i < 5; i++)
        {
            await ProbeAsync(room, 1);
            await room.Ledger.Writer.DoAsync(new BarrierOperation());
        }

        await ToldAsync(room, 2);
    }

    [Fact]
    public async Task One_that_is_held_again_as_soon_as_it_may_go_on_is_still_looked_at()
    {
        await using var room = await StartAsync();
        _gate.Flickers = true;
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => room.AcceptAsync($"k{i}")));

        await Eventually.HoldsAsync(
            () =>
            {
                room.Time.Advance(LaneBoard.BetweenProbes);
                return room.View.Counts is { Queued: 0, Running: 0 };
            },
            "all ran");
        Assert.Equal(500, room.Runner.Started.Count);
    }

    [Fact]
    public async Task One_that_runs_as_a_hold_begins_and_is_to_be_tried_again_is_told_at_once()
    {
        await using var room = await StartAsync();
        var ends = new TaskCompletionSource<RunResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        room.Runner.OnRun = (_, _) => ends.Task;
        await room.AcceptAsync("1", "a");
        await Eventually.HoldsAsync(() => room.Runner.Started.Count == 1, "the first runs");
        _gate.Take("fetch");
        await room.AcceptAsync("2", "b");
        await ToldAsync(room, 1);

        ends.SetResult(new RunResult { Outcome = Outcome.Error, ExitCode = Executor.TryAgain, Reason = "not now", Ran = true });

        // Before its next try is due, and though another is the next to be looked at.
        await ToldAsync(room, 2);
        Assert.Equal(["b", "a"], Told(room).Select(t => Text(t, "request_id")));
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_what_hangs_while_it_is_told_of()
    {
        var handler = new FakeHandler("fetch");
        var never = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        handler.OnHeld = _ =>
        {
            reached.SetResult();
            return never.Task;
        };
        await using var room = await StartAsync(handler);
        _gate.Take("fetch");
        await room.AcceptAsync("1", "a");
        await reached.Task.WaitAsync(Eventually.Limit, TimeProvider.System);

        var drain = room.Work.DrainAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        await Eventually.HoldsAsync(
            () =>
            {
                room.Time.Advance(TimeSpan.FromSeconds(1));
                return drain.IsCompleted;
            },
            "the stop ends");

        await drain;
        Assert.Equal(0L, Sql.Scalar(_state, "SELECT state FROM work WHERE request_id = 'a'"));
    }

    [Fact]
    public async Task A_held_request_can_be_cancelled_and_does_not_come_back()
    {
        await using var room = await StartAsync();
        _gate.Take("fetch");
        await room.AcceptAsync("1", "a");
        await ToldAsync(room, 1);

        Assert.Equal(CancelAnswer.Cancelled, await room.View.CancelAsync(new RequestId("a"), force: false, "alice", default));
        _gate.Give("fetch");
        await ProbeAsync(room, 3);

        Assert.Equal(Outcome.Cancelled, room.Row(new RequestId("a")).Outcome);
        Assert.Empty(room.Runner.Started);
        Assert.Equal(0, room.View.Counts.Queued);
    }

    [Fact]
    public async Task A_paused_type_is_not_looked_at_and_a_held_one_can_be_paused()
    {
        await using var room = await StartAsync();
        _gate.Take("fetch");
        await room.AcceptAsync("1", "a");
        await ToldAsync(room, 1);
        await room.Pauses.PauseAsync(Fetch, "alice", 1000, "", default);
        _gate.Give("fetch");
        await ProbeAsync(room, 3);
        Assert.Equal("queued", room.Row(new RequestId("a")).State);

        await room.Pauses.ResumeAsync(Fetch, default);
        await room.SettledAsync(new RequestId("a"));
        Assert.Single(room.Runner.Started);
    }

    [Fact]
    public async Task A_long_queue_that_waits_takes_no_more_memory_than_a_short_one()
    {
        await using var room = await StartAsync(idsInMemory: 16);
        _gate.Take("fetch");
        await Task.WhenAll(Enumerable.Range(0, 2_000).Select(i => room.AcceptAsync($"k{i}")));
        await ToldAsync(room, 2_000);
        var asked = _gate.Asked;
        await ProbeAsync(room, 10);

        Assert.InRange(_gate.Asked - asked, 1, 20);
        Assert.InRange(room.Time.ArmedTimers, 1, 4);
        _gate.Give("fetch");
        room.Time.Advance(LaneBoard.BetweenProbes);
        await Eventually.HoldsAsync(() => room.View.Counts is { Queued: 0, Running: 0 }, "all ran", TimeSpan.FromMinutes(2));
        Assert.Equal(2_000, room.Runner.Started.Select(s => s.RequestId).Distinct().Count());
        Assert.Equal(2_000, room.Runner.Started.Count);
    }

    private static IReadOnlyList<JsonElement> Told(Room room) => [.. room.Bus.Bodies.Where(b => Text(b, "msg_type") == "ops_request_held")];

    private static string? Text(JsonElement body, string name) => body.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static Task ToldAsync(Room room, int count) =>
        Eventually.HoldsAsync(() => Told(room).Count == count && room.Outbox.Depth == 0, () => $"{count} are told, {Told(room).Count} are");

    /// <summary>So many looks whether it can be started, each waited for.</summary>
    private async Task ProbeAsync(Room room, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Eventually.HoldsAsync(() => room.View.Counts.Running == 0, "nothing is being looked at");
            room.Time.Advance(LaneBoard.BetweenProbes);
        }

        await Eventually.HoldsAsync(() => room.View.Counts.Running == 0, "nothing is being looked at");
    }

    private Task<Room> StartAsync(FakeHandler? handler = null, FakeHandler? second = null, int slots = 4, int idsInMemory = 1_024) => Room.StartAsync(
        _state, _time, handler: handler, second: second, gate: _gate,
        work: o =>
        {
            o.Lanes["fetch"] = slots;
            o.IdsInMemory = idsInMemory;
        });
}
