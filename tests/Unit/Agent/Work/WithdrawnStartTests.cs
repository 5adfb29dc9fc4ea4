using Microsoft.Data.Sqlite;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>A stop before a ledger that can't commit, with work whose start waits for it.</summary>
public sealed class WithdrawnStartTests : IDisposable
{
    private static readonly RequestId Id = new("r");
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Theory]
    [InlineData(RecoveryPolicy.Rerun, DrainPolicy.Requeue, false)]
    [InlineData(RecoveryPolicy.Rerun, DrainPolicy.Finish, false)]
    [InlineData(RecoveryPolicy.Report, DrainPolicy.Finish, false)]
    [InlineData(RecoveryPolicy.Rerun, DrainPolicy.Requeue, true)]
    [InlineData(RecoveryPolicy.Report, DrainPolicy.Finish, true)]
    public async Task A_stop_does_not_wait_for_a_start_that_the_ledger_can_not_store_and_the_next_one_runs_it_once(
        RecoveryPolicy recovery, DrainPolicy onDrain, bool cold)
    {
        var handler = new FakeHandler("fetch");
        handler.Template = handler.Template with { Recovery = recovery, OnDrain = onDrain };
        await using var room = await Room.StartAsync(_state, handler: handler);
        using var other = await StandBeforeItAsync(room);
        var began = room.Time.GetUtcNow();

        var drain = room.Work.DrainAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        if (cold)
        {
            room.Pace.Chill();
        }

        // Without its clock, so before any of its limits.
        await Eventually.HoldsAsync(() => drain.IsCompleted, "the drain ends");
        await drain;
        Assert.Equal(began, room.Time.GetUtcNow());
        Assert.Single(room.Runner.Started);

        Sql.Run(other, "ROLLBACK");
        Assert.Equal((0L, 1L), (Sql.Scalar(_state, "SELECT state FROM work"), Sql.Scalar(_state, "SELECT attempts FROM work")));
        await using var next = await Room.StartAsync(_state, room.Time, handler: handler);
        await next.SettledAsync(Id);
        Assert.Equal((Id, 2), Assert.Single(next.Runner.Started.Select(s => (s.RequestId, s.Attempt))));
        await next.PublishedAsync(1);
        Assert.Single(next.Bus.Settlements);
    }

    [Fact]
    public async Task What_stands_before_the_ledger_is_not_counted_among_what_a_stop_waits_for()
    {
        await using var room = await Room.StartAsync(_state);
        using var other = await StandBeforeItAsync(room);

        Assert.False(room.Running.AnyRuns());
        Assert.Equal(0, room.Running.Count);
        Sql.Run(other, "ROLLBACK");
        await room.SettledAsync(Id);
    }

    [Fact]
    public async Task A_start_that_is_just_being_stored_is_not_withdrawn_and_the_writer_s_answer_tells()
    {
        await using var room = await Room.StartAsync(_state);
        await AskForLaterAsync(room);
        using var work = new RunningWork(Id);
        using var first = new WriterGate(room.Ledger.Writer);
        var start = room.Ledger.Writer.DoAsync(
            new StartOperation(1, "fetch", RecoveryPolicy.Rerun, room.Ledger.Now), work.StartToken);

        // Within the transaction of the start.
        var following = Task.Run(() => new WriterGate(room.Ledger.Writer));
        first.Open();
        using var second = await following;

        work.WithdrawStart();
        second.Open();
        Assert.True(await start);
        Assert.Equal("starting", room.Row(Id).State);
    }

    /// <summary>A request that asked for a later try, whose time has come, and another program that has the ledger.</summary>
    private async Task<SqliteConnection> StandBeforeItAsync(Room room)
    {
        await AskForLaterAsync(room);
        var other = Sql.Open(_state);
        Sql.Run(other, "BEGIN IMMEDIATE");
        await Eventually.HoldsAsync(
            () =>
            {
                room.Time.Advance(TimeSpan.FromSeconds(10));
                return room.View.Counts.Running == 1 && !room.Ledger.CanCommit;
            },
            "its start waits for the ledger");
        return other;
    }

    private static async Task AskForLaterAsync(Room room)
    {
        room.Runner.OnRun = (c, _) => Task.FromResult(c.Attempt == 1 ? FakeRunner.Exit(75) : FakeRunner.Ok);
        await room.AcceptAsync("k", Id.Value);
        await Eventually.HoldsAsync(() => room.Runner.Started.Count == 1 && room.View.Counts is { Running: 0, Queued: 1 }, "it is to be tried again");
    }
}
