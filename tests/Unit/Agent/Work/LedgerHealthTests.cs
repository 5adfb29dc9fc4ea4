using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

[SupportedOSPlatform("linux")]
public sealed class LedgerHealthTests : IDisposable
{
    private const int Body = 50_000;
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 3, 4, 5, TimeSpan.Zero);

    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task A_damaged_page_is_found_at_the_start_after_an_end_that_was_not_clean()
    {
        await FillAsync();
        Damage();
        await File.WriteAllBytesAsync(_state.LedgerPath + "-wal", []);

        var broken = await Assert.ThrowsAsync<LedgerBrokenException>(() => Room.StartAsync(_state));

        Assert.Equal(_state.LedgerPath, broken.Path);
        Assert.Contains("--new-ledger", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_ledger_is_found_at_every_start()
    {
        Directory.CreateDirectory(_state.Folder);
        await File.WriteAllTextAsync(_state.LedgerPath, new string('x', 10_000));

        await Assert.ThrowsAsync<LedgerBrokenException>(() => Room.StartAsync(_state));
    }

    [Fact]
    public async Task A_ledger_that_is_whole_passes_the_check_with_all_that_its_log_holds()
    {
        await using var room = await Room.StartAsync(_state);
        _ = room.Lanes.StopAsync();
        await room.AcceptAsync("a", "in-the-log");
        var crash = _state.Crash(room.Ledger.Writer);
        Assert.True(new FileInfo(crash.LedgerPath + "-wal").Length > 0);

        await using var next = await Room.StartAsync(crash, before: r => r.Runner.OnRun = FakeRunner.Forever);

        Assert.NotEqual("settled", next.Row(new RequestId("in-the-log")).State);
    }

    [Fact]
    public async Task Only_a_broken_ledger_is_set_aside_and_nothing_of_it_is_lost()
    {
        Directory.CreateDirectory(_state.Folder);
        Assert.False(LedgerAside.TrySetAside(_state.Folder, Now, out var answer));
        Assert.Contains("there is no", answer, StringComparison.Ordinal);

        await FillAsync();
        Assert.False(LedgerAside.TrySetAside(_state.Folder, Now, out answer));
        Assert.Contains("is not broken", answer, StringComparison.Ordinal);

        Damage();
        var bytes = await File.ReadAllBytesAsync(_state.LedgerPath);
        Assert.True(LedgerAside.TrySetAside(_state.Folder, Now, out answer), answer);

        var aside = _state.LedgerPath + ".broken-20261122T030405Z";
        Assert.Contains(aside, answer, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(aside));
        await using var room = await Room.StartAsync(_state);
        Assert.Equal(AdmissionKind.Accepted, (await room.AcceptAsync("a", "r0")).Kind);
    }

    [Fact]
    public async Task Damage_that_is_met_while_it_runs_is_looked_for_at_the_next_start_and_a_broken_index_is_a_way_out()
    {
        await FillAsync();
        await using (var room = await Room.StartAsync(_state))
        {
            _ = room.Lanes.StopAsync();
            SwapIndexes();
            var change = room.Ledger.Writer.DoAsync(new SqlOperation("DELETE FROM work WHERE request_id = 'r7' OR id = 9"));
            await Eventually.HoldsAsync(
                () => room.Ledger.LastError.Contains("the next start of the agent checks all of it", StringComparison.Ordinal), "the damage is told");
            Assert.False(change.IsCompleted);
            Assert.False(room.Ledger.CanCommit);
        }

        Assert.True(File.Exists(_state.LedgerPath + "-suspect"));
        await Assert.ThrowsAsync<LedgerBrokenException>(() => Room.StartAsync(_state));
        Assert.True(LedgerAside.TrySetAside(_state.Folder, Now, out var answer), answer);
        Assert.False(File.Exists(_state.LedgerPath + "-suspect"));
        await using var next = await Room.StartAsync(_state);
        Assert.True(next.Ledger.CanCommit);
    }

    [Fact]
    public async Task Damage_that_a_reader_meets_is_told_and_looked_for_at_the_next_start_though_no_change_meets_it()
    {
        await FillAsync();
        await using (var room = await Room.StartAsync(_state))
        {
            _ = room.Lanes.StopAsync();
            Assert.Equal("", room.Ledger.LastError);
            Damage(everywhere: true);

            // After a commit a reader's own copy of a page counts no more.
            await room.Ledger.Writer.DoAsync(new SqlOperation("UPDATE sqlite_sequence SET seq = seq + 1"));
            Assert.Throws<SqliteException>(() => room.Ledger.Rows.List(null, null, null, 100));

            Assert.Contains("the ledger seems to be broken", room.Ledger.LastError, StringComparison.Ordinal);
            Assert.True(room.Ledger.CanCommit);
        }

        await Assert.ThrowsAsync<LedgerBrokenException>(() => Room.StartAsync(_state));
    }

    [Fact]
    public async Task Damage_that_is_met_while_what_was_left_is_taken_up_ends_the_start_as_broken()
    {
        await FillAsync();
        using (var connection = Sql.Open(_state))
        {
            // Each of them is read as a run that an earlier agent left behind.
            Sql.Run(connection, "UPDATE work SET state = 2");
        }

        Damage();

        var broken = await Assert.ThrowsAsync<LedgerBrokenException>(() => Room.StartAsync(_state));
        Assert.Contains("malformed", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suspicion_ends_with_a_start_that_finds_the_ledger_whole()
    {
        await FillAsync();
        await File.WriteAllTextAsync(_state.LedgerPath + "-suspect", "");

        await using var room = await Room.StartAsync(_state);

        Assert.False(File.Exists(_state.LedgerPath + "-suspect"));
    }

    [Fact]
    public async Task Near_its_bound_the_oldest_bodies_go_and_their_ids_stay()
    {
        await using var room = await Room.StartAsync(_state, work: o => o.MaxLedgerBytes = 2 << 20);
        room.Runner.OnRun = (_, _) => Task.FromResult(FakeRunner.Ok with { Outcome = Outcome.Error, ExitCode = 1 });
        for (var i = 0; i < 100; i++)
        {
            var message = Large(room, $"r{i}", Body);
            Assert.Equal(AdmissionKind.Accepted, (await room.AcceptAsync(message)).Kind);
            await room.SettledAsync(message.RequestId);
        }

        await TurnUntilAsync(room, () => !room.Ledger.Space.IsCrowded, "there is room");
        Assert.Null(room.Row(new RequestId("r0")).Body);
        Assert.InRange(new FileInfo(_state.LedgerPath).Length, 1, 4 << 20);
        Assert.Equal(AdmissionKind.Skipped, (await room.AcceptAsync(Large(room, "r0", Body))).Kind);
    }

    [Fact]
    public async Task At_its_bound_rows_beyond_seven_days_go_and_then_new_work_is_rejected_until_there_is_room()
    {
        await using var room = await Room.StartAsync(_state, work: o => (o.MaxLedgerBytes, o.Retention) = (2 << 20, TimeSpan.FromDays(30)));
        await room.AcceptAsync("old", "old");
        await room.SettledAsync(new RequestId("old"));
        room.Time.Advance(TimeSpan.FromDays(8));
        _ = room.Lanes.StopAsync();
        var accepted = new List<RequestId>();
        Admission last = new(AdmissionKind.Accepted);
        await TurnUntilAsync(
            room,
            () =>
            {
                var message = Large(room, $"r{accepted.Count}", Body);
                last = room.AcceptAsync(message).GetAwaiter().GetResult();
                if (last.Kind == AdmissionKind.Accepted)
                {
                    accepted.Add(message.RequestId);
                }

                return last.Kind == AdmissionKind.Rejected;
            },
            "the ledger is full");

        Assert.StartsWith("the ledger is full: ", last.Reason, StringComparison.Ordinal);
        Assert.Null(room.Ledger.Reader.Load(new RequestId("old")));
        Assert.InRange(accepted.Count, 20, 60);

        foreach (var id in accepted)
        {
            Assert.Equal(CancelAnswer.Cancelled, await room.View.CancelAsync(id, force: false, "a test", default));
        }

        await TurnUntilAsync(room, () => !room.Ledger.Space.IsFull, "there is room again");
        Assert.Equal(AdmissionKind.Accepted, (await room.AcceptAsync("again")).Kind);
    }

    [Fact]
    public async Task A_reader_that_another_program_holds_open_lets_the_log_grow_seen_by_all_and_only_until_it_ends()
    {
        await using var room = await Room.StartAsync(_state);
        _ = room.Lanes.StopAsync();
        using (var other = Sql.Open(_state))
        {
            Sql.Run(other, "BEGIN");
            Sql.Run(other, "SELECT count(*) FROM work");
            for (var i = 0; i < 18; i++)
            {
                await room.AcceptAsync(Large(room, $"r{i}", 4 << 20));
            }

            await TurnUntilAsync(room, () => room.Ledger.Space.LogBytes > LedgerWriter.LargeLog, "the log is seen to be large");
        }

        await TurnUntilAsync(room, () => room.Ledger.Space.LogBytes <= 16 << 20, "the log is small again");
    }

    private static Task TurnUntilAsync(Room room, Func<bool> condition, string what) => Eventually.HoldsAsync(
        () =>
        {
            // The writer measures after its commits, and the log is emptied by one that writes.
            room.Ledger.Writer.DoAsync(new SqlOperation("UPDATE sqlite_sequence SET seq = seq + 1")).GetAwaiter().GetResult();
            return condition();
        },
        what);

    private static OpsMessage Large(Room room, string id, int size) =>
        room.Message(requestId: id) with { Body = JsonElement.Parse($$"""{"key":"{{id}}","pad":"{{new string('x', size)}}"}""") };

    private async Task FillAsync()
    {
        await using var room = await Room.StartAsync(_state);
        _ = room.Lanes.StopAsync();
        for (var i = 0; i < 50; i++)
        {
            await room.AcceptAsync($"k{i}{new string('y', 3_000)}", $"r{i}");
        }
    }

    /// <summary>Two indexes of a table in each other's place: every page is whole, and no row is where its index says.</summary>
    private void SwapIndexes()
    {
        const string Two = "(SELECT rootpage FROM sqlite_schema WHERE tbl_name = 'work' AND type = 'index' ORDER BY name LIMIT 1 OFFSET ";
        var (a, b) = (Sql.Scalar(_state, $"SELECT {Two}0)"), Sql.Scalar(_state, $"SELECT {Two}1)"));
        using var connection = Sql.Open(_state);
        Sql.Run(connection, "PRAGMA writable_schema = ON");
        Sql.Run(connection, $"UPDATE sqlite_schema SET rootpage = {a} + {b} - rootpage WHERE type = 'index' AND rootpage IN ({a}, {b})");
        var version = Sql.Scalar(_state, "PRAGMA schema_version");
        Sql.Run(connection, $"PRAGMA schema_version = {(long)version! + 1}");
    }

    /// <summary>Overwrites a page that has a row's key, or each of these, as a disk may do.</summary>
    private void Damage(bool everywhere = false)
    {
        SqliteConnection.ClearAllPools();
        using var file = new FileStream(_state.LedgerPath, FileMode.Open, FileAccess.ReadWrite);
        var text = Encoding.ASCII.GetBytes(new string('y', 1_000));
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var pages = Enumerable.Range(1, (bytes.Length / 4096) - 1).Where(p => bytes.AsSpan(p * 4096, 4096).IndexOf(text) >= 0).ToList();
        Assert.NotEmpty(pages);
        foreach (var page in everywhere ? pages : pages[..1])
        {
            file.Position = page * 4096;
            file.Write(new byte[4096]);
        }
    }
}
