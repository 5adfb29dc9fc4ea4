using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Holds;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>What becomes of queued work when another agent holds, or held, the queue.</summary>
public sealed class HeldElsewhereTests : IDisposable
{
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task Report_work_is_in_doubt_without_a_start_keeps_its_key_and_other_work_runs()
    {
        var submit = new FakeHandler("submit");
        submit.Template = submit.Template with { Recovery = RecoveryPolicy.Report };
        var queue = new FakeHolding(new Holding(QueueClaim.Other, "x held the queue while it waited here"));
        await using var room = await Room.StartAsync(_state, second: submit, holding: queue);

        await room.AcceptAsync(room.Message("1", "s", type: "submit"), submit);
        await room.AcceptAsync("2", "f");
        await room.SettledAsync(new RequestId("s"));
        await room.SettledAsync(new RequestId("f"));

        var row = room.Row(new RequestId("s"));
        Assert.Equal(("doubt", Outcome.Unknown), (row.State, row.Outcome));
        Assert.Equal("not started, since it may have been done elsewhere: x held the queue while it waited here", row.Reason);
        Assert.Equal(["f"], room.Runner.Started.Select(s => s.RequestId.Value));
        await Eventually.HoldsAsync(() => room.View.Counts.InDoubt == 1, "it is counted");
        Assert.Equal(AdmissionKind.Skipped, (await room.AcceptAsync(room.Message("1", "s2", type: "submit"), submit)).Kind);
    }

    [Fact]
    public async Task While_nobody_knows_report_work_waits_without_a_slot_and_a_stop_leaves_it_queued()
    {
        var submit = new FakeHandler("submit");
        submit.Template = submit.Template with { Recovery = RecoveryPolicy.Report };
        var queue = new FakeHolding(new Holding(QueueClaim.Unknown));
        await using (var room = await Room.StartAsync(_state, second: submit, holding: queue, work: o => o.Lanes["fetch"] = 1))
        {
            await room.AcceptAsync(room.Message("1", "s", type: "submit"), submit);
            await Eventually.HoldsAsync(() => queue.Asked == 1, "it is asked");
            await Eventually.HoldsAsync(() => room.View.Counts is { Queued: 1, Running: 0 }, "it is queued and holds no slot");
            await room.AcceptAsync("2", "f");
            await room.SettledAsync(new RequestId("f"));
            await room.Work.DrainAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        }

        await using var next = await Room.StartAsync(_state, second: submit);
        await next.SettledAsync(new RequestId("s"));
        Assert.Equal((Outcome.Ok, 1), (next.Row(new RequestId("s")).Outcome, next.Runner.Started.Count));
    }

    [Fact]
    public async Task What_grew_too_old_while_it_waited_for_the_answer_is_rejected()
    {
        var submit = new FakeHandler("submit");
        submit.Template = submit.Template with { Recovery = RecoveryPolicy.Report, MaxAge = TimeSpan.FromMinutes(15) };
        var queue = new FakeHolding(new Holding(QueueClaim.Unknown));
        await using var room = await Room.StartAsync(_state, second: submit, holding: queue);
        await room.AcceptAsync(room.Message("1", "s", type: "submit"), submit);
        await Eventually.HoldsAsync(() => queue.Asked == 1 && room.Time.ArmedTimers > 0, "it is asked");

        // It is asked again every second; the timer that was seen may have been another's.
        room.Time.Advance(TimeSpan.FromMinutes(16));
        await Eventually.HoldsAsync(
            () =>
            {
                room.Time.Advance(TimeSpan.FromSeconds(1));
                return room.Row(new RequestId("s")).State == "settled";
            },
            "it is settled");
        Assert.Equal(Outcome.Rejected, room.Row(new RequestId("s")).Outcome);
        Assert.Empty(room.Runner.Started);
    }

    [Fact]
    public async Task However_many_wait_for_the_answer_one_at_a_time_asks_and_none_is_kept_beyond_the_limit()
    {
        var submit = new FakeHandler("submit");
        submit.Template = submit.Template with { Recovery = RecoveryPolicy.Report };
        var queue = new FakeHolding(new Holding(QueueClaim.Unknown));
        await using var room = await Room.StartAsync(_state, second: submit, holding: queue, work: o => o.IdsInMemory = 16);
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => room.AcceptAsync(room.Message($"{i}", $"s{i}", type: "submit"), submit)));
        await Eventually.HoldsAsync(() => room.View.Counts is { Queued: 1_000, Running: 0 }, "all wait");
        var asked = queue.Asked;

        for (var i = 0; i < 10; i++)
        {
            room.Time.Advance(LaneBoard.BetweenProbes);
            await Eventually.HoldsAsync(() => room.View.Counts.Running == 0, "nothing is being looked at");
        }

        Assert.InRange(queue.Asked - asked, 1, 10);
        Assert.InRange(room.Time.ArmedTimers, 1, 4);
        Assert.Equal(HoldCause.Queue, Assert.Single(room.Holds.All).Cause);
        queue.Answer = new Holding(QueueClaim.Own);
        room.Time.Advance(LaneBoard.BetweenProbes);
        await Eventually.HoldsAsync(() => room.View.Counts is { Queued: 0, Running: 0 }, "all ran", TimeSpan.FromMinutes(2));
        Assert.Equal(1_000, room.Runner.Started.Select(s => s.RequestId).Distinct().Count());
        Assert.Empty(room.Holds.All);
    }

    [Fact]
    public async Task A_hold_for_a_credential_stays_one_while_nobody_knows_who_holds_the_queue()
    {
        var submit = new FakeHandler("submit");
        submit.Template = submit.Template with { Recovery = RecoveryPolicy.Report };
        var queue = new FakeHolding(new Holding(QueueClaim.Own));
        var gate = new FakeGate();
        gate.Take("submit", maxHold: TimeSpan.FromDays(1));
        await using var room = await Room.StartAsync(_state, second: submit, holding: queue, gate: gate);
        await room.AcceptAsync(room.Message("1", "s", type: "submit"), submit);
        await Eventually.HoldsAsync(() => Told(room) == 1, "it is told");
        var since = Assert.Single(room.Holds.All).Since;

        queue.Answer = new Holding(QueueClaim.Unknown);
        await ProbeAsync(room, queue, 3);
        Assert.Equal((HoldCause.Credential, since), (Assert.Single(room.Holds.All).Cause, room.Holds.All[0].Since));

        queue.Answer = new Holding(QueueClaim.Own);
        await ProbeAsync(room, queue, 3);
        Assert.Equal((HoldCause.Credential, since), (Assert.Single(room.Holds.All).Cause, room.Holds.All[0].Since));
        Assert.Equal(1, Told(room));

        gate.Give("submit");
        room.Time.Advance(LaneBoard.BetweenProbes);
        await room.SettledAsync(new RequestId("s"));
        Assert.Empty(room.Holds.All);
    }

    private static int Told(Room room) =>
        room.Bus.Bodies.Count(static b => b.TryGetProperty("msg_type", out var type) && type.GetString() == "ops_request_held");

    /// <summary>So many looks whether it can be started, each waited for.</summary>
    private static async Task ProbeAsync(Room room, FakeHolding queue, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var asked = queue.Asked;
            await Eventually.HoldsAsync(
                () =>
                {
                    room.Time.Advance(LaneBoard.BetweenProbes);
                    return queue.Asked > asked;
                },
                "it is looked at");
            await Eventually.HoldsAsync(() => room.View.Counts.Running == 0, "it waits again");
        }
    }

    private sealed class FakeHolding(Holding answer) : IQueueHolding
    {
        private int _asked;

        public Holding Answer { get; set; } = answer;

        public int Asked => Volatile.Read(ref _asked);

        public Holding Decide(DateTimeOffset receivedAt)
        {
            Interlocked.Increment(ref _asked);
            return Answer;
        }
    }
}
