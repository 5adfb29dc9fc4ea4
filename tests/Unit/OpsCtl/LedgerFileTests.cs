using System.Text.Json;
using Microsoft.Data.Sqlite;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Control;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Holds;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.OpsCtl.Settings;
using OpsAgent.OpsCtl.Work;
using OpsAgent.Tests.Support;
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
        using var connection = LedgerFile.OpenForWriting(_state.FullName, LedgerSchema.Steps);
        Insert("q1", state: 0);
        Insert("r1", state: 2);
        Insert("s1", state: 4, outcome: 2, reason: "timed out after 180s");
        Refuse("x1", Received);
    }

    public void Dispose() => _state.Delete(recursive: true);

    [Fact]
    public async Task A_list_comes_from_the_file_newest_first_and_says_so()
    {
        Assert.Equal(0, await _run.RunAsync("work", "list", "-o", "json"));

        Assert.Equal("ledger", _run.Json.GetProperty("source").GetString());
        Assert.Equal(["s1", "r1", "q1", "x1"], _run.Json.GetProperty("work").EnumerateArray().Select(w => w.GetProperty("request_id").GetString()!));
        Assert.Contains("no agent runs; read from", _run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, 50, "y1 z1 s1 r1 q1 x1")]
    [InlineData("queued", null, 50, "z1 q1")]
    [InlineData("running", null, 50, "r1")]
    [InlineData("settled", null, 50, "y1 s1 x1")]
    [InlineData("doubt", null, 50, "")]
    [InlineData(null, "nonsense", 50, "y1 x1")]
    [InlineData("settled", "fetch_payload_log", 50, "s1")]
    [InlineData(null, null, 2, "y1 z1")]
    public async Task A_list_is_the_one_that_the_agent_would_give(string? state, string? type, int limit, string expected)
    {
        Insert("z1", state: 0, received: Received + 1);
        Refuse("y1", Received + 2);

        Assert.Equal(0, await _run.RunAsync([
            "work", "list", "-o", "json", "--limit", $"{limit}",
            .. state is null ? Array.Empty<string>() : ["--state", state],
            .. type is null ? Array.Empty<string>() : ["--type", type],
        ]));

        var listed = _run.Json.GetProperty("work").EnumerateArray().ToArray();
        Assert.Equal(expected, string.Join(' ', listed.Select(w => w.GetProperty("request_id").GetString())));
        using var pool = new ReaderPool(_state.FullName, new LedgerSuspicion(Path.Combine(_state.FullName, LedgerFile.Name)));
        WorkState? wanted = state is not null && WorkStateNames.TryParse(state, out var parsed) ? parsed : null;
        var agents = new RowReader(pool).List(wanted, type, null, limit)
            .Select(r => JsonSerializer.SerializeToElement(WorkAnswer.Of(r), DoorJson.Default.WorkAnswer));
        Assert.All(listed.Zip(agents), pair => Assert.True(JsonElement.DeepEquals(pair.Second, pair.First), $"{pair.First}\n{pair.Second}"));
    }

    [Fact]
    public async Task Requests_of_one_sender_are_listed()
    {
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_state.FullName, LedgerFile.Name)};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE work SET sender = 'key web' WHERE request_id = 's1'";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        Assert.Equal(0, await _run.RunAsync("work", "list", "-o", "json", "--sender", "key web"));
        Assert.Equal(["s1"], _run.Json.GetProperty("work").EnumerateArray().Select(static w => w.GetProperty("request_id").GetString()));
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
    [InlineData("s1", "ended at its time limit: timed out after 180s")]
    [InlineData("x1", "rejected because unknown type")]
    public async Task Why_speaks_of_a_request_that_waits_for_an_agent(string id, string cause)
    {
        Assert.Equal(0, await _run.RunAsync("work", "why", id));
        Assert.EndsWith($" {id}: {cause}", _run.Lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("q1", "", "no agent runs")]
    [InlineData("q1", "UPDATE work SET not_before = 1785931230000, attempts = 2, reason = 'locked by pid 12'", "tried again in 20 s, after attempt 2 (locked by pid 12)")]
    [InlineData("q1", "UPDATE work SET not_before = 1785931205000", "no agent runs")]
    [InlineData("q1", "INSERT INTO pause VALUES('fetch_payload_log', 'alice', 7, 1785931200000, 'PanDA is down')", "paused by alice since 2026-08-05T12:00:00Z: PanDA is down")]
    [InlineData("q1", "INSERT INTO pause VALUES('submit_task', 'alice', 7, 1785931200000, '')", "no agent runs")]
    [InlineData("q1", "INSERT INTO hold VALUES('fetch_payload_log', 'fetch', 'the proxy is over', 1785931200000)", "held since 2026-08-05T12:00:00Z: the proxy is over; it starts by itself")]
    [InlineData("r1", "UPDATE work SET state = 3, outcome = 5, reason = 'nobody can tell', doubt_at = 1785931200000, looks = 2, looked_at = 1785931205000, looked = 'PCS is down'", "in doubt: nobody can tell; its key is kept")]
    [InlineData("s1", "UPDATE work SET outcome = 0, reason = '', duration_ms = 1500, exit_code = 0, held_at = 1785931200000", "done after 1.5 s")]
    [InlineData("s1", "UPDATE work SET outcome = 1, reason = 'no such job', survivors = 0, retry_of = 'q1', program = '/doers/x', program_hash = 'ab'", "failed: no such job")]
    [InlineData("x1", "", "rejected because unknown type")]
    public async Task Why_has_the_words_of_the_agent_where_the_ledger_has_the_facts(string id, string change, string cause)
    {
        Execute(change);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(Received + 10_000);
        _run.Time = new FakeTime(now);

        Assert.Equal(0, await _run.RunAsync("work", "why", id, "-o", "json"));

        var why = _run.Json.GetProperty("why");
        Assert.Contains(cause, why.GetProperty("cause").GetString(), StringComparison.Ordinal);
        var agents = Online(id, now);
        Assert.Equal(agents.Evidence, why.GetProperty("evidence").EnumerateArray().Select(e => e.GetString()));
        if (cause != "no agent runs")
        {
            Assert.Equal(agents.Cause, why.GetProperty("cause").GetString());
        }
    }

    [Fact]
    public async Task An_unknown_id_exits_with_1() => Assert.Equal(1, await _run.RunAsync("work", "show", "absent"));

    [Fact]
    public async Task A_cancel_needs_an_agent() => Assert.Equal(69, await _run.RunAsync("work", "cancel", "q1"));

    [Fact]
    public void The_schema_that_is_known_is_the_agents() => Assert.Equal(LedgerDoor.KnownVersion, LedgerSchema.Steps.Count);

    [Fact]
    public async Task A_ledger_of_a_newer_agent_is_told()
    {
        Execute($"PRAGMA user_version = {LedgerDoor.KnownVersion + 1}");

        Assert.Equal(69, await _run.RunAsync("work", "list"));
        Assert.Contains("is of a newer agent", _run.Error, StringComparison.Ordinal);
        Assert.Contains("use the opsctl of the agent's release", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_that_nobody_has_made_yet_is_told()
    {
        Empty();
        await File.WriteAllTextAsync(Path.Combine(_state.FullName, "ledger.db"), "");

        Assert.Equal(69, await _run.RunAsync("work", "list"));
        Assert.Contains("holds no ledger yet", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_ledger_and_no_folder_are_told_apart()
    {
        Empty();
        Assert.Equal(69, await _run.RunAsync("work", "list"));
        Assert.Contains($"there is no ledger at {_state.FullName}/ledger.db", _run.Error, StringComparison.Ordinal);

        Assert.Equal(69, await _run.RunAsync("work", "list", "--state-dir", "/nowhere"));
        Assert.Contains("there is no folder /nowhere", _run.Error, StringComparison.Ordinal);
        Assert.Contains("--state-dir or OPSAGENT_STATE_DIR", _run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, "something else has locked it")]
    [InlineData(14, "must be able to read the state folder")]
    [InlineData(26, "it is no ledger")]
    [InlineData(11, "use opsctl of the agent's release")]
    public void Each_error_of_the_file_has_its_advice(int code, string advice) => Assert.Contains(
        advice, LedgerDoor.Unreadable(new StateFolder("/x"), new SqliteException("m", code)).Advice, StringComparison.Ordinal);

    [Fact]
    public async Task A_file_that_is_no_ledger_exits_with_69()
    {
        Empty();
        await File.WriteAllTextAsync(Path.Combine(_state.FullName, "ledger.db"), "this is no database, whatever its name says");

        Assert.Equal(69, await _run.RunAsync("work", "list"));
        Assert.Contains("can't be read", _run.Error, StringComparison.Ordinal);
    }

    private void Empty()
    {
        SqliteConnection.ClearAllPools();
        foreach (var file in _state.GetFiles())
        {
            file.Delete();
        }
    }

    /// <summary>The same by the agent's own readers and words.</summary>
    private Explanation Online(string id, DateTimeOffset now)
    {
        using var connection = LedgerFile.OpenForWriting(_state.FullName, LedgerSchema.Steps);
        using var pool = new ReaderPool(_state.FullName, new LedgerSuspicion(Path.Combine(_state.FullName, LedgerFile.Name)));
        var row = new RowReader(pool).Find(new RequestId(id))!;
        var pause = One("SELECT paused_by, since, reason FROM pause WHERE msg_type = '" + row.MsgType + "'");
        var hold = One("SELECT reason, since FROM hold WHERE msg_type = '" + row.MsgType + "'");
        return WorkExplanation.Of(row, new WorkSurroundings(
            now,
            Paused: pause is null ? null : new PausedType(row.MsgType, (string)pause[0], 7, At(pause[1]), (string)pause[2]),
            Held: hold is null ? null : new HeldType(row.MsgType, new LaneName("fetch"), HoldCause.Credential, (string)hold[0], At(hold[1]))));

        static DateTimeOffset At(object ms) => DateTimeOffset.FromUnixTimeMilliseconds((long)ms);

        object[]? One(string sql)
        {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // literals of this file
            command.CommandText = sql;
#pragma warning restore CA2100
            using var reader = command.ExecuteReader();
            var values = new object[reader.FieldCount];
            return reader.Read() && reader.GetValues(values) > 0 ? values : null;
        }
    }

    private void Insert(string id, int state, int? outcome = null, string? reason = null, long received = Received) => Execute($$"""
        INSERT INTO work(request_id, callers_id, msg_type, body, body_hash, lane, recovery, state, outcome, reason, received_at)
        VALUES('{{id}}', 1, 'fetch_payload_log', CAST('{"x":1}' AS BLOB), x'00', 'fetch', 0, {{state}},
            {{outcome?.ToString() ?? "NULL"}}, {{(reason is null ? "NULL" : $"'{reason}'")}}, {{received}})
        """);

    private void Refuse(string id, long at) => Execute($"""
        INSERT INTO refusal(delivery_id, request_id, msg_type, outcome, reason, requested_by, settled_at)
        VALUES('d-{id}', '{id}', 'nonsense', 7, 'unknown type', 'alice', {at})
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
