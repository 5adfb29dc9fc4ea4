using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Completion;

/// <summary>Request ids while no agent runs.</summary>
public sealed class LedgerCompletionTests : IDisposable
{
    private const long Received = 1785931200000; // 2026-08-05T12:00:00Z
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("ledger");
    private readonly OpsCtlRun _run = new() { Time = new FakeTime(DateTimeOffset.FromUnixTimeMilliseconds(Received).AddMinutes(5)) };

    public LedgerCompletionTests() => _run.Environment["OPSAGENT_STATE_DIR"] = _state.FullName;

    public void Dispose() => _state.Delete(recursive: true);

    [Fact]
    public async Task Ids_come_from_the_file_newest_first()
    {
        Fill(("q1", 0), ("s1", 4), ("$(id)", 2), ("r1", 2));

        Assert.Equal(
            [("r1", "fetch_payload_log, running, 5 min ago"), ("s1", "fetch_payload_log, settled, 5 min ago"), ("q1", "fetch_payload_log, queued, 5 min ago")],
            await CompletionRun.WordsAsync(_run, "work", "why", ""));
        Assert.Equal(["r1", "q1"], (await CompletionRun.WordsAsync(_run, "work", "cancel", "")).Select(o => o.Word));
    }

    [Fact]
    public async Task They_also_do_when_an_agent_has_left_its_socket_behind()
    {
        Fill(("q1", 0));

        // Nobody listens on it; disposing it would remove the file.
        using var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        left.Bind(new UnixDomainSocketEndPoint(Path.Combine(_state.FullName, "control.sock")));

        Assert.Equal(["q1"], (await CompletionRun.WordsAsync(_run, "work", "show", "")).Select(o => o.Word));
    }

    [Fact]
    public async Task No_ledger_offers_nothing_and_says_nothing() => Assert.Empty(await CompletionRun.WordsAsync(_run, "work", "show", ""));

    [Fact]
    public async Task Nor_does_a_file_that_is_none()
    {
        await File.WriteAllTextAsync(Path.Combine(_state.FullName, "ledger.db"), "this is no database, whatever its name says");
        Assert.Empty(await CompletionRun.WordsAsync(_run, "work", "show", ""));
    }

    private void Fill(params (string Id, int State)[] rows)
    {
        using var connection = LedgerFile.OpenForWriting(_state.FullName, LedgerSchema.Steps);
        foreach (var (row, index) in rows.Select((row, index) => (row, index)))
        {
            using var command = connection.CreateCommand();
            command.CommandText = """
                INSERT INTO work(request_id, callers_id, msg_type, body, body_hash, lane, recovery, state, received_at)
                VALUES($id, 1, 'fetch_payload_log', x'7b7d', x'00', 'fetch', 0, $state, $received)
                """;
            command.Parameters.AddWithValue("$id", row.Id);
            command.Parameters.AddWithValue("$state", row.State);
            command.Parameters.AddWithValue("$received", Received + index);
            command.ExecuteNonQuery();
        }

        SqliteConnection.ClearPool(connection);
    }
}
