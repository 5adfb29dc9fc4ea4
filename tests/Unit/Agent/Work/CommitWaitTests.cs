using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>An operator is answered soon while the ledger can't commit, and what was asked for is done once it can.</summary>
public sealed class CommitWaitTests : IDisposable
{
    private static readonly RequestId R = new("r");
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task A_cancel_of_what_waits()
    {
        await using var room = await Room.StartAsync(_state);
        _ = room.Lanes.StopAsync();
        await room.AcceptAsync("k", "r");

        await StallsAsync(room, () => room.View.CancelAsync(R, force: false, "alice", CancellationToken.None));

        await room.SettledAsync(R);
        Assert.Equal("cancelled by alice", room.Row(R).Reason);
        await Eventually.HoldsAsync(() => room.View.Counts.Queued == 0, "it is counted no more");
    }

    [Fact]
    public async Task A_cancel_whose_doer_has_ended()
    {
        await using var room = await Room.StartAsync(_state);
        room.Runner.OnRun = FakeRunner.Forever;
        await room.AcceptAsync("k", "r");
        await Eventually.HoldsAsync(() => room.Row(R).State == "running", "it runs");

        await StallsAsync(room, () => room.View.CancelAsync(R, force: false, "alice", CancellationToken.None));

        await room.SettledAsync(R);
        Assert.Equal((Outcome.Cancelled, "cancelled by alice"), (room.Row(R).Outcome!.Value, room.Row(R).Reason));
    }

    [Fact]
    public async Task A_cancel_whose_doer_has_not_ended_is_waited_for()
    {
        await using var room = await Room.StartAsync(_state);
        var end = new TaskCompletionSource<RunResult>();
        room.Runner.OnRun = (context, _) =>
        {
            context.Started?.Invoke(new RunningProcess(4711, 99, "boot-1", "/doers/fake", "ab12"));
            return end.Task;
        };
        await room.AcceptAsync("k", "r");
        await Eventually.HoldsAsync(() => room.Row(R).State == "running", "it runs");

        var cancel = room.View.CancelAsync(R, force: false, "alice", CancellationToken.None);
        using (var other = Sql.Open(_state))
        {
            Sql.Run(other, "BEGIN IMMEDIATE");
            _ = room.AcceptAsync("another");
            await Eventually.HoldsAsync(() => !room.Ledger.CanCommit, "the ledger can't commit");
            for (var second = 0; second < 60; second++)
            {
                await Eventually.HoldsAsync(() => room.Time.ArmedTimers > 0, "it waits");
                room.Time.Advance(TimeSpan.FromSeconds(1));
            }

            Assert.False(cancel.IsCompleted);
            Sql.Run(other, "ROLLBACK");
        }

        await Eventually.HoldsAsync(
            () =>
            {
                room.Time.Advance(TimeSpan.FromSeconds(1));
                return room.Ledger.CanCommit;
            },
            "the ledger commits again");
        end.SetResult(FakeRunner.Ok with { Outcome = Outcome.Cancelled, ExitCode = null });
        Assert.Equal(CancelAnswer.Cancelled, await cancel);
    }

    [Fact]
    public async Task A_settlement_by_hand()
    {
        var handler = new FakeHandler("fetch");
        handler.Template = handler.Template with { Recovery = RecoveryPolicy.Report };
        await using var room = await Room.StartAsync(_state, handler: handler, before: r => r.Runner.OnRun = (_, _) =>
            Task.FromResult(new RunResult { Outcome = Outcome.Unknown, Reason = "exit 8", ExitCode = 8, Ran = true }));
        await room.AcceptAsync("k", "r");
        await room.SettledAsync(R);

        await StallsAsync(room, () => room.Decisions.SettleAsync(R, Outcome.Ok, "", "seen", "alice", CancellationToken.None));

        await Eventually.HoldsAsync(() => room.Row(R).State == "settled", "it is settled");
        Assert.Equal("settled as ok by alice: seen", room.Row(R).Reason);
    }

    /// <summary>Asks while the file is locked, and lets the lock go once it is answered.</summary>
    private async Task StallsAsync(Room room, Func<Task> ask)
    {
        using var other = Sql.Open(_state);
        Sql.Run(other, "BEGIN IMMEDIATE");
        var asked = ask();
        await Eventually.HoldsAsync(() => !room.Ledger.CanCommit, "the ledger can't commit");
        await Eventually.HoldsAsync(
            () =>
            {
                room.Time.Advance(TimeSpan.FromSeconds(1));
                return asked.IsCompleted;
            },
            "it is answered");

        var stalled = await Assert.ThrowsAsync<LedgerStalledException>(() => asked);
        Assert.Contains("database is locked", stalled.Message, StringComparison.Ordinal);
        Sql.Run(other, "ROLLBACK");
    }
}
