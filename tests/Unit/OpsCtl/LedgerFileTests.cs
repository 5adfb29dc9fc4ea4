using Microsoft.Data.Sqlite;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

/// <summary>opsctl work with no agent, on a ledger file of the agent's schema.</summary>
public sealed class LedgerFileTests : IDisposable
{
    private const long Received = 1785931200000; // 2026-08-05T12:00:00Z
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("ledger");
    private readonly OpsCtlRun _run = new();

    public LedgerFileTests()
    {
        _run.Environment["OPSAGENT_STATE_DIR"] = _state.FullName;
        Execute("""
            PRAGMA journal_mode = WAL;
            CREATE TABLE work(id INTEGER PRIMARY KEY, request_id TEXT NOT NULL UNIQUE, callers_id INTEGER NOT NULL, delivery_id TEXT UNIQUE,
                msg_type TEXT NOT NULL, body BLOB, body_hash BLOB NOT NULL, dedup_key TEXT, lane TEXT NOT NULL, recovery INTEGER NOT NULL,
                state INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, retries INTEGER NOT NULL DEFAULT 0,
                unended INTEGER NOT NULL DEFAULT 0, not_before INTEGER, pid INTEGER, pid_start INTEGER, boot_id TEXT, program TEXT,
                program_hash TEXT, outcome INTEGER, reason TEXT, exit_code INTEGER, duplicate_of TEXT, retry_of TEXT, requested_by TEXT,
                sent_at INTEGER, received_at INTEGER NOT NULL, started_at INTEGER, settled_at INTEGER, duration_ms INTEGER,
                survivors INTEGER) STRICT;
            CREATE TABLE refusal(id INTEGER PRIMARY KEY AUTOINCREMENT, delivery_id TEXT UNIQUE, request_id TEXT NOT NULL,
                msg_type TEXT NOT NULL, body_hash BLOB, outcome INTEGER NOT NULL, reason TEXT NOT NULL, duplicate_of TEXT,
                requested_by TEXT, settled_at INTEGER NOT NULL) STRICT;
            """);
        Insert("q1", state: 0);
        Insert("r1", state: 2);
        Insert("s1", state: 4, outcome: 2, reason: "timed out after 180s");
        Execute($"INSERT INTO refusal(request_id, msg_type, outcome, reason, settled_at) VALUES('x1', 'nonsense', 7, 'unknown type', {Received})");
    }

    public void Dispose() => _state.Delete(recursive: true);

    [Fact]
    public async Task A_list_comes_from_the_file_newest_first_and_says_so()
    {
        Assert.Equal(0, await _run.RunAsync("work", "list", "-o", "json"));

        Assert.Equal("ledger", _run.Json.GetProperty("source").GetString());
        Assert.Equal(["s1", "r1", "q1"], _run.Json.GetProperty("work").EnumerateArray().Select(w => w.GetProperty("request_id").GetString()!));
        Assert.Contains("no agent runs; read from", _run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("queued", "q1")]
    [InlineData("running", "r1")]
    [InlineData("settled", "s1")]
    public async Task A_list_is_filtered_by_state(string state, string expected)
    {
        Assert.Equal(0, await _run.RunAsync("work", "list", "--state", state));
        Assert.StartsWith(expected + "\t", Assert.Single(_run.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_request_is_shown_with_its_body_and_times()
    {
        Assert.Equal(0, await _run.RunAsync("work", "show", "s1", "-o", "json"));

        var request = _run.Json.GetProperty("request");
        Assert.Equal("timeout", request.GetProperty("outcome").GetString());
        Assert.Equal("{\"x\":1}", request.GetProperty("body").GetString());
        Assert.Equal("2026-08-05T12:00:00+00:00", request.GetProperty("received_at").GetString());
    }

    [Theory]
    [InlineData("q1", "queued: no agent runs; it starts when one does, unless it is too old by then")]
    [InlineData("r1", "was running when the agent ended; the next start recovers it by its capability's policy")]
    [InlineData("s1", "settled as timeout: timed out after 180s")]
    [InlineData("x1", "rejected because unknown type")]
    public async Task Why_speaks_of_a_request_that_waits_for_an_agent(string id, string cause)
    {
        Assert.Equal(0, await _run.RunAsync("work", "why", id));
        Assert.EndsWith($" {id}: {cause}", _run.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_id_exits_with_1() => Assert.Equal(1, await _run.RunAsync("work", "show", "absent"));

    [Fact]
    public async Task A_cancel_needs_an_agent() => Assert.Equal(69, await _run.RunAsync("work", "cancel", "q1"));

    [Fact]
    public async Task A_file_that_is_no_ledger_exits_with_69()
    {
        SqliteConnection.ClearAllPools();
        foreach (var file in _state.GetFiles())
        {
            file.Delete();
        }

        await File.WriteAllTextAsync(Path.Combine(_state.FullName, "ledger.db"), "this is no database, whatever its name says");

        Assert.Equal(69, await _run.RunAsync("work", "list"));
        Assert.Contains("can't be read", _run.Error, StringComparison.Ordinal);
    }

    private void Insert(string id, int state, int? outcome = null, string? reason = null) => Execute($$"""
        INSERT INTO work(request_id, callers_id, msg_type, body, body_hash, lane, recovery, state, outcome, reason, received_at)
        VALUES('{{id}}', 1, 'fetch_payload_log', CAST('{"x":1}' AS BLOB), x'00', 'fetch', 0, {{state}},
            {{outcome?.ToString() ?? "NULL"}}, {{(reason is null ? "NULL" : $"'{reason}'")}}, {{Received}})
        """);

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_state.FullName, "ledger.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // literals of this file
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
