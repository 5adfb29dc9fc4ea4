using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>The ledger's files are copied while the agent lives and opened by another: what kill -9 leaves.</summary>
public sealed class RecoveryTests : IDisposable
{
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task What_was_queued_runs()
    {
        using var crashed = await CrashAsync(room => room.Lanes.StopAsync(), "queued");

        await using var room = await Room.StartAsync(crashed);
        await room.SettledAsync(new RequestId("r"));
        Assert.Single(room.Runner.Started);
        Assert.Empty(room.Runner.LeftoversEnded);
    }

    [Fact]
    public async Task What_a_runner_keeps_for_a_restart_goes_once_the_request_is_settled()
    {
        using var crashed = await CrashAsync(room => Begin(room, "running"), "running");

        await using var room = await Room.StartAsync(crashed);
        await room.SettledAsync(new RequestId("r"));

        Assert.Equal([new RequestId("r")], room.Runner.KeptAtStart);
        await Eventually.HoldsAsync(() => !room.Runner.Forgotten.IsEmpty, "it is forgotten");
        Assert.Equal([(new RequestId("r"), 2)], room.Runner.Forgotten);
    }

    [Fact]
    public async Task What_could_not_be_recovered_is_tried_again_after_a_pause()
    {
        using var crashed = await CrashAsync(room => Begin(room, "running"), "running");

        await using var room = await Room.StartAsync(crashed, before: r => r.Runner.LeftoverFailures = 2);
        Assert.Equal(("running", false), (room.Row(new RequestId("r")).State, room.View.IsTracked(new RequestId("r"))));
        Assert.Equal(CancelAnswer.Unrecovered, await room.View.CancelAsync(new RequestId("r"), force: true, "me", CancellationToken.None));
        await Eventually.HoldsAsync(
            () =>
            {
                room.Time.Advance(Recovery.TryAgain / 2);
                return room.Bus.Settlements.Count == 1;
            },
            "it is settled");

        Assert.Equal(3, room.Runner.LeftoversEnded.Count);
        Assert.Equal([2], room.Runner.Started.Select(s => s.Attempt));
        await Eventually.HoldsAsync(() => room.View.Counts is { Queued: 0, Running: 0 }, "it is counted once");
    }

    [Theory]
    [InlineData("starting")]
    [InlineData("running")]
    public async Task What_may_be_repeated_is_ended_first_and_runs_again(string at)
    {
        using var crashed = await CrashAsync(room => Begin(room, at), at);

        var leftoversAtStart = 0;
        await using var room = await Room.StartAsync(crashed, before: r => r.Runner.OnRun = (_, _) =>
        {
            leftoversAtStart = r.Runner.LeftoversEnded.Count;
            return Task.FromResult(FakeRunner.Ok);
        });
        await room.PublishedAsync(1);

        Assert.Equal(1, leftoversAtStart);
        Assert.Equal([2], room.Runner.Started.Select(s => s.Attempt));
        Assert.Equal(Outcome.Ok, room.Row(new RequestId("r")).Outcome);
        Assert.Single(room.Bus.Settlements);
    }

    [Fact]
    public async Task After_three_starts_without_an_end_it_is_parked_with_its_body()
    {
        var state = await CrashAsync(room => Begin(room, "running"), "running");
        for (var start = 2; start <= 3; start++)
        {
            await using var room = await Room.StartAsync(state, before: r => Begin(r, "running"));
            await Eventually.HoldsAsync(() => room.Row(new RequestId("r")) is { State: "running" } row && row.Attempts == start, "it runs again");
            state = state.Crash(room.Ledger.Writer);
        }

        await using var last = await Room.StartAsync(state);
        await last.PublishedAsync(1);
        var parked = last.Row(new RequestId("r"));
        Assert.Equal(("settled", Outcome.Error, 3), (parked.State, parked.Outcome!.Value, parked.Attempts));
        Assert.StartsWith("parked:", parked.Reason, StringComparison.Ordinal);
        Assert.Equal("""{"key":"k"}""", parked.Body);
        Assert.Empty(last.Runner.Started);
        Assert.Equal(AdmissionKind.Accepted, (await last.AcceptAsync("k")).Kind);
    }

    [Fact]
    public async Task A_run_that_ended_sets_the_count_of_unended_starts_back()
    {
        var state = await CrashAsync(room => Begin(room, "running"), "running");
        await using (var room = await Room.StartAsync(state, before: r => r.Runner.OnRun = (_, _) => Task.FromResult(FakeRunner.Exit(75))))
        {
            await Eventually.HoldsAsync(() => room.Row(new RequestId("r")).NotBefore is not null, "it is to be tried again");
            Assert.Equal(0L, Sql.Scalar(state, "SELECT unended FROM work"));
            state = state.Crash(room.Ledger.Writer);
        }

        // The wait goes on over the restart.
        await using var after = await Room.StartAsync(state);
        await Eventually.HoldsAsync(() => after.Time.ArmedTimers > 0, "it waits for its time");
        Assert.Empty(after.Runner.Started);
        Assert.Equal(1, after.View.Counts.Queued);
        after.Time.Advance(TimeSpan.FromSeconds(31));
        await after.SettledAsync(new RequestId("r"));
        Assert.Equal(3, after.Row(new RequestId("r")).Attempts);
    }

    [Theory]
    [InlineData("starting")]
    [InlineData("running")]
    public async Task What_must_not_be_repeated_is_in_doubt_if_nobody_can_tell(string at)
    {
        var report = Report();
        using var crashed = await CrashAsync(room => Begin(room, at), at, report);

        await using (var room = await Room.StartAsync(crashed, handler: Report()))
        {
            await room.PublishedAsync(1);
            var row = room.Row(new RequestId("r"));
            Assert.Equal(("doubt", Outcome.Unknown), (row.State, row.Outcome!.Value));
            Assert.Contains($"while it was {at}", row.Reason, StringComparison.Ordinal);
            Assert.Contains(room.Handler.Concluded, c => c.Result is { Outcome: Outcome.Unknown, Ran: true });
            Assert.Equal("unknown", room.Bus.Settlements.Single().GetProperty("outcome").GetString());
            Assert.Equal(AdmissionKind.Skipped, (await room.AcceptAsync("k")).Kind);
            Assert.Empty(room.Runner.Started);
            Assert.Empty(room.Runner.LeftoversEnded);
        }

        // And it stays so: another restart neither starts nor publishes it.
        await using var again = await Room.StartAsync(crashed, handler: Report());
        Assert.Equal(1, again.View.Counts.InDoubt);
        Assert.DoesNotContain(again.Bus.Settlements, s => s.GetProperty("request_id").GetString() == "r");
        Assert.Empty(again.Runner.Started);
        Assert.Equal(CancelAnswer.Doubtful, await again.View.CancelAsync(new RequestId("r"), force: false, "me", CancellationToken.None));
    }

    [Fact]
    public async Task What_still_lives_is_waited_for_in_its_slot_and_settled_by_its_result()
    {
        using var crashed = await CrashAsync(room => Begin(room, "running"), "running", Report());
        var reattachment = new FakeReattachment();

        await using var room = await Room.StartAsync(crashed, handler: Report(), reattachment: reattachment, work: o => o.Lanes["fetch"] = 1);
        await Eventually.HoldsAsync(() => reattachment.Asked is not null, "it is looked for");
        Assert.Equal(new RunningProcess(4711, 99, "boot-1", "/doers/fake", "ab12"), reattachment.Asked);
        await room.AcceptAsync("waits");
        Assert.Equal((1, 1), (room.View.Counts.Queued, room.View.Counts.Running));
        Assert.Equal(CancelAnswer.Refused, await room.View.CancelAsync(new RequestId("r"), force: false, "me", CancellationToken.None));
        Assert.Empty(room.Runner.Started);

        reattachment.Result.SetResult(FakeRunner.Exit(7));
        await room.SettledAsync(new RequestId("r"));
        Assert.Equal((Outcome.Error, 7), (room.Row(new RequestId("r")).Outcome!.Value, room.Row(new RequestId("r")).ExitCode!.Value));
        await Eventually.HoldsAsync(() => room.Runner.Started.Count == 1, "its slot is free for the next");
    }

    [Fact]
    public async Task A_look_that_fails_leaves_a_doubt()
    {
        using var crashed = await CrashAsync(room => Begin(room, "running"), "running", Report());
        var reattachment = new FakeReattachment();
        reattachment.Result.SetException(new IOException("no /proc"));

        await using var room = await Room.StartAsync(crashed, handler: Report(), reattachment: reattachment);
        await room.SettledAsync(new RequestId("r"));
        Assert.Equal("doubt", room.Row(new RequestId("r")).State);
    }

    [Fact]
    public async Task What_was_started_as_not_repeatable_is_not_repeated_whatever_the_manifest_says_now()
    {
        using var crashed = await CrashAsync(room => Begin(room, "running"), "running", Report());

        await using var room = await Room.StartAsync(crashed);
        await room.SettledAsync(new RequestId("r"));
        Assert.Equal("doubt", room.Row(new RequestId("r")).State);
        Assert.Empty(room.Runner.Started);
    }

    [Theory]
    [InlineData(true, 0, "settled", Outcome.Ok)]
    [InlineData(true, 5, "doubt", Outcome.Unknown)]
    [InlineData(true, 75, "settled", Outcome.Error)]
    [InlineData(true, null, "doubt", Outcome.Unknown)]
    [InlineData(false, 0, "settled", Outcome.Ok)]
    [InlineData(false, 7, "doubt", Outcome.Unknown)]
    public async Task What_still_lives_is_waited_for_though_its_request_is_not_valid_any_more(bool typeIsGone, int? code, string then, Outcome outcome)
    {
        using var crashed = await CrashAsync(room => Begin(room, "running"), "running", Report());
        var reattachment = new FakeReattachment();
        var handler = typeIsGone ? new FakeHandler("another") : new FakeHandler("fetch");
        handler.OnHandle = typeIsGone ? null : static _ => new Verdict.Refused("key: is too short");

        await using var room = await Room.StartAsync(crashed, handler: handler, reattachment: reattachment);
        await Eventually.HoldsAsync(() => reattachment.Asked is not null, "it is looked for");
        Assert.Equal("running", room.Row(new RequestId("r")).State);
        Assert.Equal(FormerRun.Limit, Assert.IsType<DoerPlan>(reattachment.Plan).Timeout);
        Assert.Equal(CancelAnswer.Refused, await room.View.CancelAsync(new RequestId("r"), force: false, "me", CancellationToken.None));
        Assert.Equal(
            DecisionKind.Refused,
            (await room.Decisions.SettleAsync(new RequestId("r"), Outcome.Error, "", "", "me", CancellationToken.None)).Kind);

        reattachment.Result.SetResult(code is { } number ? FakeRunner.Exit(number) : null);
        await Eventually.HoldsAsync(
            () =>
            {
                room.Time.Advance(TimeSpan.FromSeconds(10));
                return room.Row(new RequestId("r")) is { State: "settled" or "doubt" };
            },
            "its end is told");
        var row = room.Row(new RequestId("r"));
        Assert.Equal((then, outcome), (row.State, row.Outcome!.Value));
        Assert.Contains(outcome == Outcome.Ok ? "" : "no longer valid", row.Reason, StringComparison.Ordinal);
        Assert.Empty(room.Runner.Started);
    }

    [Fact]
    public async Task What_is_cut_off_and_not_valid_any_more_is_in_doubt()
    {
        using var crashed = await CrashAsync(room => Begin(room, "running"), "running", Report());
        var reattachment = new FakeReattachment();
        reattachment.Result.SetResult(new RunResult { Outcome = Outcome.Timeout, Reason = "timed out", Ran = true });

        await using var room = await Room.StartAsync(crashed, handler: new FakeHandler("another"), reattachment: reattachment);
        await room.SettledAsync(new RequestId("r"));

        Assert.Equal(("doubt", Outcome.Unknown), (room.Row(new RequestId("r")).State, room.Row(new RequestId("r")).Outcome!.Value));
    }

    [Theory]
    [InlineData("queued", "settled")]
    [InlineData("running", "settled")]
    public async Task Work_whose_type_is_gone_is_settled_as_no_longer_valid(string at, string then)
    {
        using var crashed = await CrashAsync(room => at == "queued" ? room.Lanes.StopAsync() : Begin(room, at), at);

        await using var room = await Room.StartAsync(crashed, handler: new FakeHandler("another"));
        await room.SettledAsync(new RequestId("r"));
        var row = room.Row(new RequestId("r"));
        Assert.Equal((then, Outcome.Error), (row.State, row.Outcome!.Value));
        Assert.Contains("no longer valid", row.Reason, StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => room.View.Counts.Queued == 0, "nothing waits");
    }

    [Fact]
    public async Task What_waits_moves_to_the_lane_of_todays_manifest()
    {
        using var crashed = await CrashAsync(room => room.Lanes.StopAsync(), "queued");
        var handler = new FakeHandler("fetch");
        handler.Template = handler.Template with { Lane = new LaneName("slow") };

        await using var room = await Room.StartAsync(crashed, handler: handler, work: o => o.Lanes["slow"] = 1);
        await room.SettledAsync(new RequestId("r"));
        Assert.Equal("slow", room.Row(new RequestId("r")).Lane);
    }

    [Fact]
    public async Task What_waits_moves_also_behind_one_that_is_not_valid_any_more()
    {
        TemporaryState crashed;
        await using (var room = await Room.StartAsync(_state, before: r => _ = r.Lanes.StopAsync()))
        {
            await room.AcceptAsync("stale", "r");
            await room.AcceptAsync("also-stale");
            await room.AcceptAsync("good", "s");
            await room.AcceptAsync("better", "t");
            crashed = _state.Crash(room.Ledger.Writer);
        }

        using (crashed)
        {
            var handler = new FakeHandler("fetch");
            handler.Template = handler.Template with { Lane = new LaneName("slow"), MaxParallel = 2 };
            handler.OnHandle = m => m.Text("key")!.EndsWith("stale", StringComparison.Ordinal)
                ? new Verdict.Refused("key: is stale")
                : new Verdict.Work(handler.WorkOf(m));
            await using var next = await Room.StartAsync(
                crashed, handler: handler, work: o => o.Lanes["slow"] = 4, before: r => r.Runner.OnRun = FakeRunner.Forever);

            await Eventually.HoldsAsync(() => next.Runner.Running == 2, "both that are valid run at once");
            Assert.Equal(("slow", "slow"), (next.Row(new RequestId("s")).Lane, next.Row(new RequestId("t")).Lane));
            await next.SettledAsync(new RequestId("r"));
            Assert.Equal((Outcome.Error, "no longer valid: key: is stale"), (next.Row(new RequestId("r")).Outcome!.Value, next.Row(new RequestId("r")).Reason));
            await Task.WhenAll(next.View.CancelAsync(new RequestId("s"), force: true, "me", default), next.View.CancelAsync(new RequestId("t"), force: true, "me", default));
        }
    }

    [Fact]
    public async Task Identities_survive_a_crash()
    {
        await using var room = await Room.StartAsync(_state);
        await room.AcceptAsync("k", "caller-1", "d-1");
        await room.SettledAsync(new RequestId("caller-1"));
        await room.AcceptAsync("k", "caller-1", "d-2");
        using var crashed = _state.Crash(room.Ledger.Writer);

        await using var next = await Room.StartAsync(crashed);
        Assert.Equal(AdmissionKind.KnownDelivery, (await next.AcceptAsync("k", "caller-1", "d-1")).Kind);
        Assert.Equal(AdmissionKind.KnownDelivery, (await next.AcceptAsync("k", "caller-1", "d-2")).Kind);
        Assert.Equal(AdmissionKind.Skipped, (await next.AcceptAsync("k", "caller-1", "d-3")).Kind);
    }

    private static FakeHandler Report()
    {
        var handler = new FakeHandler("fetch");
        handler.Template = handler.Template with { Recovery = RecoveryPolicy.Report };
        return handler;
    }

    private static Task Begin(Room room, string state)
    {
        room.Runner.OnRun = (context, token) =>
            FakeRunner.Forever(state == "running" ? context : context with { Started = null }, token);
        return Task.CompletedTask;
    }

    /// <summary>An agent takes one request to a state and is then gone.</summary>
    private async Task<TemporaryState> CrashAsync(Func<Room, Task> arrange, string state, FakeHandler? handler = null)
    {
        await using var room = await Room.StartAsync(_state, handler: handler);
        _ = arrange(room);
        await room.AcceptAsync(room.Message("k", "r", "d-r"));
        await Eventually.HoldsAsync(() => room.Row(new RequestId("r")).State == state, $"it is {state}");
        return _state.Crash(room.Ledger.Writer);
    }

    private sealed class FakeReattachment : IReattachment
    {
        public RunningProcess? Asked { get; private set; }

        public RunPlan? Plan { get; private set; }

        public TaskCompletionSource<RunResult?> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<RunResult?> ReattachAsync(RunContext context, RunningProcess? process, CancellationToken cancellationToken)
        {
            Plan = context.Plan;
            Asked = process;
            return Result.Task.WaitAsync(cancellationToken);
        }

        public IReadOnlyList<int> Living { get; init; } = [];

        public Task<IReadOnlyList<int>> LivingAsync(RunContext context, CancellationToken cancellationToken) => Task.FromResult(Living);

        public bool IsOfThisBoot(RunningProcess process) => true;
    }
}
