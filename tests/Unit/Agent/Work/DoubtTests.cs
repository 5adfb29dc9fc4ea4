using System.Text.Json;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>What is in doubt keeps its key until a look-up or an operator says what became of it.</summary>
public sealed class DoubtTests : IDisposable
{
    private static readonly RequestId R = new("r");
    private readonly TemporaryState _state = new();
    private readonly FakeTime _time = new();
    private RunResult _work = new() { Outcome = Outcome.Unknown, Reason = "exit 8", ExitCode = 8, Ran = true };
    private RunResult _lookUp = FakeRunner.Exit(8);
    private RunResult _release = FakeRunner.Ok;

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task It_is_looked_up_every_five_minutes_until_a_look_up_can_tell()
    {
        await using var room = await InDoubtAsync();
        Assert.Equal(0, LookUps(room));

        await LookedAsync(room, 1);
        Assert.Equal("rc=8", room.Row(R).Looked);
        Assert.Equal(AdmissionKind.Skipped, (await room.AcceptAsync("k")).Kind);
        await LookedAsync(room, 2);
        _lookUp = FakeRunner.Ok with { Stdout = "4711" };
        await LookedAsync(room, LookUps(room) + 1);

        await Eventually.HoldsAsync(() => room.Row(R).State == "settled", "it is settled");
        Assert.Equal((Outcome.Ok, "found by a look-up"), (room.Row(R).Outcome!.Value, room.Row(R).Reason));
        // The row is settled before it is counted and its run let go.
        await Eventually.HoldsAsync(() => room.View.Counts.InDoubt == 0, "it is counted no more");
        await Eventually.HoldsAsync(() => room.Runner.Forgotten.Contains((R, 1)), "its run is let go");
        await Eventually.HoldsAsync(() => room.Outbox.Depth == 0 && Told(room, "ops_request_resolved").Count == 1, "it is told");
        var told = Told(room, "ops_request_resolved")[0];
        Assert.Equal(("r", "ok", "found by a look-up"), (Text(told, "request_id"), Text(told, "outcome"), Text(told, "how")));
        Assert.Single(Told(room, "ops_request_settled"), s => Text(s, "request_id") == "r");
        Assert.Equal([false, true], Told(room, "fetch_done").Select(static e => e.GetProperty("ok").GetBoolean()));
        Assert.Equal(AdmissionKind.Accepted, (await room.AcceptAsync("k")).Kind);
        Assert.All(room.Runner.Started.Where(c => c.IsLookUp), c => Assert.Equal((R, 1), (c.RequestId, c.Attempt)));
    }

    [Fact]
    public async Task After_a_day_only_an_operator_can_tell()
    {
        await using var room = await InDoubtAsync();
        await LookedAsync(room, 2);
        _time.Advance(TimeSpan.FromHours(25));
        var looks = 0;
        await Eventually.HoldsAsync(
            () =>
            {
                // One that was due at the jump may still come; then none in an hour of single minutes.
                (var before, looks) = (looks, LookUps(room));
                for (var minute = 0; minute < 60; minute++)
                {
                    _time.Advance(TimeSpan.FromMinutes(1));
                }

                return before == looks && room.Row(R).Looks == looks;
            },
            "it is not looked up any more");

        Assert.Equal("doubt", room.Row(R).State);
    }

    [Fact]
    public async Task A_restart_goes_on_with_it()
    {
        await using (var room = await InDoubtAsync())
        {
            await LookedAsync(room, 1);
            await room.Work.DrainAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        }

        _lookUp = FakeRunner.Exit(5) with { Reason = "prun was never started" };
        await using var next = await StartAsync(null);
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(30));
                return LookUps(next) == 1;
            },
            "it is looked up again");
        await Eventually.HoldsAsync(() => next.Row(R).State == "settled", "it is settled");
        Assert.Equal((Outcome.Error, "prun was never started (found by a look-up)"), (next.Row(R).Outcome!.Value, next.Row(R).Reason));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clock_that_was_ahead_for_a_while_ends_no_look_ups(bool restarts)
    {
        var room = await InDoubtAsync();
        try
        {
            await LookedAsync(room, 1);
            _time.Jump(TimeSpan.FromHours(25));
            await LookedAsync(room, 2);
            _time.Jump(TimeSpan.FromHours(-25));
            if (restarts)
            {
                await room.Work.DrainAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
                await room.DisposeAsync();
                room = await StartAsync(null);
            }

            var before = room.Row(R).Looks;
            await Eventually.HoldsAsync(
                () =>
                {
                    _time.Advance(TimeSpan.FromSeconds(30));
                    return room.Row(R).Looks >= before + 2;
                },
                "it is looked up on");
        }
        finally
        {
            await room.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(Outcome.Timeout, null)]
    [InlineData(Outcome.Error, "SIGKILL")]
    public async Task A_run_that_was_cut_off_is_looked_up_before_it_is_said_to_be_in_doubt(Outcome outcome, string? signal)
    {
        _work = new RunResult { Outcome = outcome, Signal = signal, Ran = true, Duration = TimeSpan.FromSeconds(3) };
        _lookUp = FakeRunner.Exit(7) with { Reason = "PCS does not know" };
        await using var room = await StartAsync(null);
        await room.AcceptAsync("k", "r");

        await room.SettledAsync(R);

        Assert.Equal((Outcome.Unrecorded, 3000L), (room.Row(R).Outcome!.Value, room.Row(R).DurationMs!.Value));
        await room.PublishedAsync(1);
        Assert.Empty(Told(room, "ops_request_resolved"));
    }

    [Fact]
    public async Task An_operator_settles_it_and_the_page_is_told()
    {
        await using var room = await InDoubtAsync();
        room.Handler.OnConclude = static (_, result) => result is { Outcome: Outcome.Ok, Stdout: "" }
            ? new Conclusion(Outcome.Unknown, "ended well without an id", [])
            : new Conclusion(result.Outcome, result.Reason, [new CompletionEvent(new MsgType("told"), new() { ["id"] = result.Stdout })]);

        var incomplete = await room.Decisions.SettleAsync(R, Outcome.Ok, "", "seen", "alice", CancellationToken.None);
        var done = await room.Decisions.SettleAsync(R, Outcome.Ok, "31337", "seen in PanDA", "alice", CancellationToken.None);
        var again = await room.Decisions.SettleAsync(R, Outcome.Error, "", "", "bob", CancellationToken.None);

        Assert.Equal(new Decision(DecisionKind.Refused, "ok needs more: ended well without an id"), incomplete);
        Assert.Equal(new Decision(DecisionKind.Done, "ok"), done);
        Assert.Equal(new Decision(DecisionKind.Refused, "r is settled, not in doubt"), again);
        Assert.Equal("settled as ok by alice: seen in PanDA", room.Row(R).Reason);
        await Eventually.HoldsAsync(() => Told(room, "told").Count == 1, "its event is told");
        Assert.Equal("31337", Text(Told(room, "told")[0], "id"));
        Assert.DoesNotContain(room.Runner.Started, c => c.IsLookUp);
    }

    [Fact]
    public async Task What_certainly_was_not_done_is_let_go_by_its_doer_first()
    {
        await using var room = await InDoubtAsync();
        _release = FakeRunner.Exit(7) with { Reason = "PanDA has it as 4711" };

        var kept = await room.Decisions.SettleAsync(R, Outcome.Error, "", "", "alice", CancellationToken.None);

        Assert.Equal(new Decision(DecisionKind.Refused, "what its doer holds was not let go: PanDA has it as 4711"), kept);
        Assert.Equal("doubt", room.Row(R).State);
        _release = FakeRunner.Ok;
        Assert.Equal(DecisionKind.Done, (await room.Decisions.SettleAsync(R, Outcome.Error, "", "", "alice", CancellationToken.None)).Kind);
        Assert.Equal(AdmissionKind.Accepted, (await room.AcceptAsync("k")).Kind);
    }

    [Fact]
    public async Task What_has_ended_is_run_again_as_a_new_request_but_not_what_is_in_doubt_or_was_done()
    {
        await using var room = await InDoubtAsync();
        Assert.StartsWith("r is in doubt", (await RetryAsync(room, R)).Text, StringComparison.Ordinal);
        await room.Decisions.SettleAsync(R, Outcome.Error, "", "not there", "alice", CancellationToken.None);
        _work = FakeRunner.Ok;

        var retried = await RetryAsync(room, R);

        Assert.Equal(DecisionKind.Done, retried.Kind);
        var id = new RequestId(retried.Text);
        await room.SettledAsync(id);
        Assert.Equal((Outcome.Ok, "r", "bob"), (room.Row(id).Outcome!.Value, room.Row(id).RetryOf, room.Row(id).RequestedBy));
        await Eventually.HoldsAsync(() => Told(room, "ops_request_settled").Count == 2, "it is told");
        Assert.Equal("r", Text(Told(room, "ops_request_settled")[1], "retry_of"));
        Assert.Contains("was done", (await RetryAsync(room, id)).Text, StringComparison.Ordinal);
        Assert.Equal(DecisionKind.NotFound, (await RetryAsync(room, new RequestId("nobody"))).Kind);
    }

    [Theory]
    [InlineData(Outcome.Ok, 0)]
    [InlineData(Outcome.Unrecorded, 7)]
    [InlineData(Outcome.Unverified, 9)]
    public async Task What_was_done_is_not_run_again_by_a_retry(Outcome outcome, int code)
    {
        _work = FakeRunner.Exit(code) with { Outcome = outcome };
        await using var room = await StartAsync(null);
        await room.AcceptAsync("k", "r");
        await room.SettledAsync(R);

        Assert.Equal(
            new Decision(DecisionKind.Refused, "r was done, and is not run again: send it again if it is to be done again"), await RetryAsync(room, R));
        Assert.Single(room.Runner.Started);
    }

    [Theory]
    [InlineData(Outcome.Ok)]
    [InlineData(Outcome.Unrecorded)]
    [InlineData(Outcome.Unverified)]
    public async Task What_an_operator_has_settled_as_done_is_not_run_again_by_a_retry(Outcome outcome)
    {
        await using var room = await InDoubtAsync();
        await room.Decisions.SettleAsync(R, outcome, "", "seen", "alice", CancellationToken.None);

        Assert.Contains("was done", (await RetryAsync(room, R)).Text, StringComparison.Ordinal);
        Assert.Single(room.Runner.Started, static c => !c.IsLookUp);
    }

    [Fact]
    public async Task What_failed_and_lost_its_body_for_want_of_room_is_not_said_to_be_done()
    {
        await using var room = await InDoubtAsync();
        await room.Decisions.SettleAsync(R, Outcome.Error, "", "not there", "alice", CancellationToken.None);
        await room.Ledger.Writer.DoAsync(new ShrinkOperation(new LedgerRetention(new WorkOptions(), room.Time)), CancellationToken.None);

        Assert.Equal(
            new Decision(DecisionKind.Refused, "the body of r was dropped to make room in the ledger: send it again"), await RetryAsync(room, R));
    }

    [Fact]
    public async Task Of_two_retries_at_a_time_one_runs()
    {
        await using var room = await InDoubtAsync();
        await room.Decisions.SettleAsync(R, Outcome.Error, "", "", "alice", CancellationToken.None);
        room.Runner.OnRun = FakeRunner.Forever;

        var first = await RetryAsync(room, R);
        var second = await RetryAsync(room, R);

        Assert.Equal((DecisionKind.Done, DecisionKind.Refused), (first.Kind, second.Kind));
        Assert.Contains(first.Text, second.Text, StringComparison.Ordinal);
        await room.View.CancelAsync(new RequestId(first.Text), force: true, "me", CancellationToken.None);
    }

    [Theory]
    [InlineData(true, null, Outcome.Unknown)]
    [InlineData(true, 0, Outcome.Ok)]
    [InlineData(true, 1, Outcome.Unknown)]
    [InlineData(false, 143, Outcome.Cancelled)]
    public async Task A_forced_cancel_is_in_doubt_unless_the_doer_tells_or_had_done_nothing(bool mayHaveActed, int? code, Outcome outcome)
    {
        await using var room = await StartAsync(null);
        room.Runner.OnMayHaveActed = _ => mayHaveActed;
        room.Runner.OnRun = async (context, token) => await FakeRunner.Forever(context, token) with { ExitCode = code };
        await room.AcceptAsync("k", "r");
        await Eventually.HoldsAsync(() => room.Row(R).State == "running", "it runs");

        var unforced = mayHaveActed ? await room.View.CancelAsync(R, force: false, "alice", CancellationToken.None) : CancelAnswer.Refused;
        var forced = await room.View.CancelAsync(R, force: mayHaveActed, "alice", CancellationToken.None);

        Assert.Equal(CancelAnswer.Refused, unforced);
        Assert.Equal(outcome switch { Outcome.Unknown => CancelAnswer.InDoubt, Outcome.Ok => CancelAnswer.AlreadySettled, _ => CancelAnswer.Cancelled }, forced);
        Assert.Equal(outcome, room.Row(R).Outcome);
        Assert.Equal(outcome == Outcome.Unknown, room.View.Counts.InDoubt == 1);
    }

    [Fact]
    public async Task A_crash_before_the_point_of_no_return_leaves_no_doubt()
    {
        TemporaryState crashed;
        await using (var room = await StartAsync(null))
        {
            room.Runner.OnRun = FakeRunner.Forever;
            await room.AcceptAsync("k", "r");
            await Eventually.HoldsAsync(() => room.Row(R).State == "running", "it runs");
            crashed = _state.Crash(room.Ledger.Writer);
        }

        using (crashed)
        {
            await using var next = await Room.StartAsync(
                crashed, _time, handler: Report(), reattachment: new NothingLeft(), before: r => r.Runner.OnMayHaveActed = static _ => false);
            await next.SettledAsync(R);

            Assert.Equal(Outcome.Error, next.Row(R).Outcome);
            Assert.StartsWith("nothing was done: the agent went down while it was running", next.Row(R).Reason, StringComparison.Ordinal);
            Assert.Empty(next.Runner.Started);
        }
    }

    private static Task<Decision> RetryAsync(Room room, RequestId id) => room.Decisions.RetryAsync(id, "bob", CancellationToken.None);

    private static int LookUps(Room room) => room.Runner.Started.Count(static c => c.IsLookUp);

    private static List<JsonElement> Told(Room room, string type) =>
        [.. room.Bus.Bodies.Where(b => b.GetProperty("msg_type").GetString() == type)];

    private static string? Text(JsonElement told, string member) => told.GetProperty(member).GetString();

    private static FakeHandler Report()
    {
        var handler = new FakeHandler("fetch");
        handler.Template = handler.Template with
        {
            Recovery = RecoveryPolicy.Report,
            LookUps = [new LookUp(new FakePlan("look"), new Dictionary<int, Outcome> { [0] = Outcome.Ok, [5] = Outcome.Error, [7] = Outcome.Unrecorded })],
            Release = new FakePlan("release"),
        };
        return handler;
    }

    private async Task<Room> InDoubtAsync(Action<WorkOptions>? work = null)
    {
        var room = await StartAsync(work);
        await room.AcceptAsync("k", "r");
        await room.SettledAsync(R);
        Assert.Equal("doubt", room.Row(R).State);
        return room;
    }

    private Task<Room> StartAsync(Action<WorkOptions>? work) => Room.StartAsync(
        _state, _time, handler: Report(), work: work, before: room => room.Runner.OnRun = (context, _) => Task.FromResult(
            context.Plan == new FakePlan("look") ? _lookUp : context.Plan == new FakePlan("release") ? _release : _work));

    /// <summary>Lets time go by until there were so many look-ups or more, and the last answer is written down.</summary>
    private Task LookedAsync(Room room, int times) => Eventually.HoldsAsync(
        () =>
        {
            if (LookUps(room) < times)
            {
                _time.Advance(TimeSpan.FromSeconds(30));
            }

            return room.Row(R) is var row && (row.Looks >= times || (LookUps(room) >= times && row.State == "settled"));
        },
        $"it was looked up {times} times");

    private sealed class NothingLeft : IReattachment
    {
        public Task<RunResult?> ReattachAsync(RunContext context, RunningProcess? process, CancellationToken cancellationToken) =>
            Task.FromResult<RunResult?>(null);

        public Task<IReadOnlyList<int>> LivingAsync(RunContext context, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<int>>([]);

        public bool IsOfThisBoot(RunningProcess process) => true;
    }
}
