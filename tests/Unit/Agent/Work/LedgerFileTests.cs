using System.Runtime.Versioning;
using OpsAgent.Agent.Work.Ledger;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

[SupportedOSPlatform("linux")]
public sealed class LedgerFileTests : IDisposable
{
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task The_ledger_is_readable_by_its_owner_alone_and_durable()
    {
        await using var room = await Room.StartAsync(_state);
        await room.AcceptAsync("a");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_state.Folder));
        foreach (var file in Directory.GetFiles(_state.Folder))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.Contains(_state.LedgerPath + "-wal", Directory.GetFiles(_state.Folder));
        Assert.Equal("wal", Sql.Scalar(_state, "PRAGMA journal_mode"));
        Assert.Equal(2L, await room.Ledger.Writer.DoAsync(new SynchronousOperation()));
    }

    [Fact]
    public async Task A_file_of_a_newer_agent_is_refused_with_advice_and_left_as_it_is()
    {
        await using (await Room.StartAsync(_state))
        {
        }

        using (var connection = Sql.Open(_state))
        {
            Sql.Run(connection, "PRAGMA user_version = 99");
        }

        var refused = await Assert.ThrowsAsync<LedgerTooNewException>(() => Room.StartAsync(_state));
        Assert.Equal((99L, (long)LedgerSchema.Steps.Count), (refused.Found, refused.Known));
        Assert.Contains("start the newer agent", refused.Message, StringComparison.Ordinal);
        Assert.Equal(99L, Sql.Scalar(_state, "PRAGMA user_version"));
    }

    [Fact]
    public async Task An_old_file_is_brought_forward_with_all_that_is_in_it()
    {
        await using (var room = await Room.StartAsync(_state, before: r => r.Runner.OnRun = FakeRunner.Forever))
        {
            await room.AcceptAsync("a", "caller-1");
        }

        string[] steps = [.. LedgerSchema.Steps, "ALTER TABLE work ADD COLUMN trial TEXT; UPDATE work SET trial = 'moved'"];
        using (var migrated = LedgerFile.OpenForWriting(_state.Folder, steps))
        {
            Assert.Equal(steps.Length, LedgerFile.Version(migrated));
        }

        Assert.Equal("moved", Sql.Scalar(_state, "SELECT trial FROM work WHERE request_id = 'caller-1'"));
    }

    [Fact]
    public void A_step_that_fails_is_taken_back_whole()
    {
        string[] steps = [.. LedgerSchema.Steps, "CREATE TABLE half(a INTEGER); INSERT INTO nowhere VALUES(1)"];
        Assert.ThrowsAny<Microsoft.Data.Sqlite.SqliteException>(() => LedgerFile.OpenForWriting(_state.Folder, steps));

        Assert.Equal((long)LedgerSchema.Steps.Count, Sql.Scalar(_state, "PRAGMA user_version"));
        Assert.Equal(0L, Sql.Scalar(_state, "SELECT count(*) FROM sqlite_master WHERE name = 'half'"));
        Assert.Equal(1L, Sql.Scalar(_state, "SELECT count(*) FROM sqlite_master WHERE name = 'work'"));
    }

    [Fact]
    public async Task An_existing_file_that_others_could_read_is_closed_to_them()
    {
        Directory.CreateDirectory(_state.Folder);
        await File.WriteAllBytesAsync(_state.LedgerPath, []);
        File.SetUnixFileMode(_state.LedgerPath, (UnixFileMode)0b110_100_100);

        await using var room = await Room.StartAsync(_state);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_state.LedgerPath));
    }

    private sealed class SynchronousOperation : LedgerOperation<long>
    {
        protected override long Change(LedgerSession session) => (long)session.Scalar("PRAGMA synchronous")!;
    }
}
