using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>An agent takes up what was left, slowly, while operators decide and reattached doers end.</summary>
public sealed class TakingUpTests : IDisposable
{
    private const int Waiting = 10;
    private static readonly RequestId Begun = new("begun");
    private static readonly RequestId Failed = new("failed");
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task A_retry_meanwhile_hides_nothing_that_waits_and_all_run_once()
    {
        using var crashed = await CrashAsync();
        await using var room = OneAtATime(crashed);
        var (start, goOn) = await StandInRecoveryAsync(room);

        var retry = room.Decisions.RetryAsync(Failed, "me", CancellationToken.None);
        goOn.SetResult();
        await start;

        Assert.Equal(DecisionKind.Done, (await retry).Kind);
        await AllRunOnceAsync(room, Waiting + 2);
    }

    [Fact]
    public async Task A_cancel_meanwhile_is_counted_once()
    {
        using var crashed = await CrashAsync();
        await using var room = OneAtATime(crashed);
        var (start, goOn) = await StandInRecoveryAsync(room);

        var cancel = room.View.CancelAsync(new RequestId("w3"), force: false, "me", CancellationToken.None);
        goOn.SetResult();
        await start;

        // What stood before it may have begun and ended by then.
        Assert.Contains(await cancel, new[] { CancelAnswer.Cancelled, CancelAnswer.AlreadySettled });
        await room.SettledAsync(new RequestId("w3"));
        await AllRunOnceAsync(room, Waiting + (room.Row(new RequestId("w3")).Outcome == Outcome.Cancelled ? 0 : 1));
    }

    [Fact]
    public async Task A_stop_meanwhile_refuses_what_would_have_waited()
    {
        using var crashed = await CrashAsync();
        await using var room = OneAtATime(crashed);
        var (start, goOn) = await StandInRecoveryAsync(room);

        var retry = room.Decisions.RetryAsync(Failed, "me", CancellationToken.None);
        var cancel = room.View.CancelAsync(new RequestId("w3"), force: false, "me", CancellationToken.None);
        _ = room.Lanes.StopAsync();

        Assert.Equal(DecisionKind.Refused, (await retry).Kind);
        Assert.Equal(CancelAnswer.GoingDown, await cancel);
        goOn.SetResult();
        await start;
        Assert.Equal("queued", room.Row(new RequestId("w3")).State);
    }

    [Fact]
    public async Task A_reattached_doer_that_asks_to_be_tried_again_meanwhile_is_counted_once()
    {
        var report = new FakeHandler("submit");
        report.Template = report.Template with { Recovery = RecoveryPolicy.Report };
        using var crashed = await CrashAsync(report);
        await using var room = OneAtATime(crashed, report);
        var (start, goOn) = await StandInRecoveryAsync(room);
        goOn.SetResult();
        await start;

        await Eventually.HoldsAsync(
            () =>
            {
                room.Time.Advance(TimeSpan.FromMinutes(1));
                return room.Ledger.Rows.Find(new RequestId("report"))?.State == "settled";
            },
            "the one that asked for it has run again");
        await AllRunOnceAsync(room, Waiting + 2);
    }

    private static Room OneAtATime(TemporaryState state, FakeHandler? second = null) => new(
        state,
        work: static o => o.Lanes["fetch"] = 1,
        second: second,
        reattachment: second is null ? null : new AsksToBeTriedAgain());

    /// <summary>Comes back while the recovery ends what is left of a former run; it goes on when it is told to.</summary>
    private static async Task<(Task Start, TaskCompletionSource GoOn)> StandInRecoveryAsync(Room room)
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        room.Runner.OnEndLeftovers = () => goOn.Task;
        var start = room.Work.StartAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => !room.Runner.LeftoversEnded.IsEmpty, "the recovery stands");
        return (start, goOn);
    }

    private static async Task AllRunOnceAsync(Room room, int runs)
    {
        await Eventually.HoldsAsync(() => room.View.Counts is { Queued: 0, Running: 0 }, "nothing waits and nothing runs");
        Assert.Equal(runs, room.Runner.Started.Count);
        Assert.Equal(runs, room.Runner.Started.Select(static s => s.RequestId).Distinct().Count());
        Assert.Equal(0L, Sql.Scalar(room.State, "SELECT count(*) FROM work WHERE state <> 4"));
    }

    /// <summary>Leaves one that failed, one that had begun, ten that wait, and one of the second type that had begun.</summary>
    private async Task<TemporaryState> CrashAsync(FakeHandler? second = null)
    {
        await using var room = await Room.StartAsync(_state, work: static o => o.Lanes["fetch"] = 2, second: second);
        room.Runner.OnRun = static (_, _) => Task.FromResult(FakeRunner.Exit(1));
        await room.AcceptAsync(requestId: Failed.Value);
        await room.SettledAsync(Failed);
        room.Runner.OnRun = FakeRunner.Forever;
        await room.AcceptAsync(requestId: Begun.Value);
        if (second is not null)
        {
            await room.AcceptAsync(room.Message(requestId: "report", type: second.MsgType.Value), second);
            await Eventually.HoldsAsync(() => room.Row(new RequestId("report")).State == "running", "the second runs");
        }

        await Eventually.HoldsAsync(() => room.Row(Begun).State == "running", "it runs");
        for (var i = 0; i < Waiting; i++)
        {
            await room.AcceptAsync(requestId: $"w{i}");
        }

        return _state.Crash(room.Ledger.Writer);
    }

    private sealed class AsksToBeTriedAgain : IReattachment
    {
        public Task<RunResult?> ReattachAsync(RunContext context, RunningProcess? process, CancellationToken cancellationToken) =>
            Task.FromResult<RunResult?>(FakeRunner.Exit(75));

        public Task<IReadOnlyList<int>> LivingAsync(RunContext context, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<int>>([]);

        public bool IsOfThisBoot(RunningProcess process) => true;
    }
}
