using System.Diagnostics;
using Microsoft.Data.Sqlite;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

public sealed class GroupCommitTests : IDisposable
{
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task Twenty_thousand_requests_from_many_threads_share_commits_and_are_all_stored()
    {
        // Lanes closed: only what goes in is looked at.
        await using var room = await Room.StartAsync(_state);
        _ = room.Lanes.StopAsync();
        var before = room.Ledger.Writer.Commits;
        var watch = Stopwatch.StartNew();

        var kinds = await Task.WhenAll(Enumerable.Range(0, 20).Select(thread => Task.Run(async () =>
        {
            var accepts = Enumerable.Range(0, 1_000).Select(i => room.AcceptAsync($"{thread}-{i}", delivery: $"{thread}:{i}"));
            return await Task.WhenAll(accepts);
        })));

        Assert.All(kinds.SelectMany(k => k), a => Assert.Equal(AdmissionKind.Accepted, a.Kind));
        Assert.Equal(20_000, room.View.Counts.Queued);
        Assert.InRange(room.Ledger.Writer.Commits - before, 20_000 / LedgerWriter.MaxBatch, 19_000);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"took {watch.Elapsed}");
        using var crash = _state.Crash(room.Ledger.Writer);
        Assert.Equal(20_000L, Sql.Scalar(crash, "SELECT count(*) FROM work WHERE state = 0"));
    }

    [Fact]
    public async Task A_change_at_fault_fails_alone_and_its_neighbours_are_stored()
    {
        await using var room = await Room.StartAsync(_state);
        _ = room.Lanes.StopAsync();
        using var gate = new WriterGate(room.Ledger.Writer);
        var good = Enumerable.Range(0, 50).Select(i => room.AcceptAsync($"k{i}")).ToList();
        var bad = room.Ledger.Writer.DoAsync(new SqlOperation("INSERT INTO work(id) VALUES('no number')"));
        var thrown = room.Ledger.Writer.DoAsync(new ThrowingOperation());
        good.AddRange(Enumerable.Range(50, 50).Select(i => room.AcceptAsync($"k{i}")));
        gate.Open();

        Assert.All(await Task.WhenAll(good), a => Assert.Equal(AdmissionKind.Accepted, a.Kind));
        await Assert.ThrowsAsync<SqliteException>(() => bad);
        await Assert.ThrowsAsync<InvalidOperationException>(() => thrown);
        Assert.True(room.Ledger.CanCommit);
        Assert.Equal(100, room.View.Counts.Queued);
    }

    [Fact]
    public async Task A_rolled_back_batch_counts_nothing_twice()
    {
        await using var room = await Room.StartAsync(_state);
        room.Handler.Template = room.Handler.Template with { MaxPending = 3 };
        _ = room.Lanes.StopAsync();
        using var gate = new WriterGate(room.Ledger.Writer);
        var accepts = Enumerable.Range(0, 3).Select(i => room.AcceptAsync($"k{i}")).ToList();
        _ = room.Ledger.Writer.DoAsync(new ThrowingOperation());
        gate.Open();

        Assert.All(await Task.WhenAll(accepts), a => Assert.Equal(AdmissionKind.Accepted, a.Kind));
        Assert.Equal(AdmissionKind.Rejected, (await room.AcceptAsync("one more")).Kind);
    }

    [Fact]
    public async Task A_full_disk_keeps_requests_waiting_and_takes_them_in_once_there_is_room()
    {
        await using var room = await Room.StartAsync(_state);
        _ = room.Lanes.StopAsync();
        await room.AcceptAsync("before");
        var pages = (long)Sql.Scalar(_state, "PRAGMA page_count")!;
        await room.Ledger.Writer.DoAsync(new SqlOperation($"PRAGMA max_page_count = {pages}"));
        var large = new string('x', 60_000);
        var accepts = Enumerable.Range(0, 20).Select(i => room.AcceptAsync($"{i}{large}", delivery: $"d{i}")).ToList();

        await Eventually.HoldsAsync(() => !room.Ledger.CanCommit, "the ledger is full");
        Assert.Contains("full", room.Ledger.LastError, StringComparison.Ordinal);
        Assert.DoesNotContain(accepts, a => a.IsCompleted);
        Assert.Equal(1, room.View.Counts.Queued);

        await room.Ledger.Writer.DoAsync(new SqlOperation("PRAGMA max_page_count = 1000000"));
        Assert.All(await Task.WhenAll(accepts), a => Assert.Equal(AdmissionKind.Accepted, a.Kind));
        Assert.True(room.Ledger.CanCommit);
        Assert.Equal(21, room.View.Counts.Queued);
        Assert.Equal("ok", Sql.Scalar(_state, "PRAGMA integrity_check"));
    }

    [Fact]
    public async Task A_locked_file_keeps_requests_waiting_and_a_withdrawn_one_is_not_stored()
    {
        await using var room = await Room.StartAsync(_state);
        _ = room.Lanes.StopAsync();
        using var withdraw = new CancellationTokenSource();
        using (var other = Sql.Open(_state))
        {
            Sql.Run(other, "BEGIN IMMEDIATE");
            var kept = room.AcceptAsync("kept", delivery: "d-1");
            var withdrawn = room.AcceptAsync(room.Message("withdrawn", delivery: "d-2"), token: withdraw.Token);
            await Eventually.HoldsAsync(() => !room.Ledger.CanCommit, "the file is locked");

            // Whatever the writer is doing: at the latest after the try that is under way.
            await withdraw.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => withdrawn);
            Assert.False(kept.IsCompleted);
            Sql.Run(other, "ROLLBACK");
            Assert.Equal(AdmissionKind.Accepted, (await kept).Kind);
        }

        Assert.Equal(AdmissionKind.KnownDelivery, (await room.AcceptAsync("kept", delivery: "d-1")).Kind);
        Assert.Equal(AdmissionKind.Accepted, (await room.AcceptAsync("withdrawn", delivery: "d-2")).Kind);
    }

    [Fact]
    public async Task A_request_that_is_withdrawn_before_its_turn_leaves_no_trace()
    {
        await using var room = await Room.StartAsync(_state);
        using var withdraw = new CancellationTokenSource();
        using var gate = new WriterGate(room.Ledger.Writer);
        var message = room.Message("k", delivery: "d-1");
        var accept = room.AcceptAsync(message, token: withdraw.Token);
        await withdraw.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accept);
        gate.Open();

        Assert.Equal(AdmissionKind.Accepted, (await room.AcceptAsync("k", delivery: "d-1")).Kind);
        Assert.Null(await room.View.FindAsync(message.RequestId, CancellationToken.None));
    }

    [Fact]
    public async Task A_writer_that_ends_commits_what_was_queued_and_withdraws_what_comes_after()
    {
        var room = await Room.StartAsync(_state);
        _ = room.Lanes.StopAsync();
        var accepts = Enumerable.Range(0, 100).Select(i => room.AcceptAsync($"k{i}")).ToList();
        var writer = room.Ledger.Writer;
        await room.DisposeAsync();

        Assert.All(await Task.WhenAll(accepts), a => Assert.Equal(AdmissionKind.Accepted, a.Kind));
        Assert.Equal(100L, Sql.Scalar(_state, "SELECT count(*) FROM work"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writer.DoAsync(new SqlOperation("SELECT 1")));
        Assert.False(File.Exists(_state.LedgerPath + "-wal"));
    }

    private sealed class ThrowingOperation : LedgerOperation<int>
    {
        protected override int Change(LedgerSession session) => throw new InvalidOperationException("at fault");
    }
}
