using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Monitor;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Unit.Agent.Work;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Monitor;

/// <summary>The durable outbox of action records. Nobody answers at its monitor, so what is stored stays.</summary>
public sealed class RecordOutboxTests : IDisposable
{
    // Port 9 is discard: a connection is refused at once.
    private static readonly MonitorOptions Absent = new() { Streams = "http://127.0.0.1:9", MaxRecords = 4 };

    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task A_settlement_and_its_record_are_one_transaction_and_outlive_the_agent()
    {
        await using (var room = await Room.StartAsync(_state, handler: Recording(), monitor: Absent))
        {
            var message = room.Message("a", "caller-1");
            await room.AcceptAsync(message);
            await room.SettledAsync(message.RequestId);
            Assert.Equal(1, room.Records.Outbox.Depth);
        }

        await using var again = await Room.StartAsync(_state, handler: Recording(), monitor: Absent);
        var row = Assert.Single(again.Ledger.ReadCalls(10));
        Assert.Equal(("caller-1", "POST", "/api/logs/"), (row.RequestId, row.Method, row.Url));
        Assert.Equal("act fetched:a ok", (string?)JsonNode.Parse(row.Body)!["message"]);
        Assert.Equal(1, again.Records.Outbox.Depth);
    }

    [Fact]
    public async Task A_settlement_that_is_not_committed_leaves_no_record()
    {
        await using var room = await Room.StartAsync(_state, handler: Recording(), monitor: Absent);
        var settled = new SettledWork
        {
            Id = 4711, MsgType = "fetch", WasQueued = true, Outcome = Outcome.Ok, Reason = "", Now = 1, Record = Row("x"),
        };
        Assert.False(await room.Ledger.Writer.DoAsync(new SettleOperation(settled)));
        Assert.Empty(room.Ledger.ReadCalls(10));
    }

    [Fact]
    public async Task A_refusal_with_a_record_has_one_and_a_redelivery_of_it_none()
    {
        var handler = Recording();
        await using var room = await Room.StartAsync(_state, handler: handler, monitor: Absent);
        var refusal = Refusal(room, "d-1");
        await room.Intake.RefuseAsync(refusal, CancellationToken.None);
        await room.Intake.RefuseAsync(refusal, CancellationToken.None);
        await room.Intake.RefuseAsync(refusal with { DeliveryId = new DeliveryId("d-2"), Message = null }, CancellationToken.None);

        Assert.Equal("act fetched:a rejected — lfn is missing", (string?)JsonNode.Parse(Assert.Single(room.Ledger.ReadCalls(10)).Body)!["message"]);
    }

    [Fact]
    public async Task A_refusal_that_could_not_be_committed_leaves_the_minute_s_record_to_its_redelivery()
    {
        await using var room = await Room.StartAsync(_state, handler: Recording(), monitor: Absent);
        using var other = Sql.Open(_state);
        Sql.Run(other, "CREATE TRIGGER broken BEFORE INSERT ON refusal BEGIN SELECT RAISE(ABORT, 'broken'); END");
        var refusal = Refusal(room, "d-1");
        await Assert.ThrowsAsync<SqliteException>(() => room.Intake.RefuseAsync(refusal, CancellationToken.None));
        Assert.Empty(room.Ledger.ReadCalls(10));

        Sql.Run(other, "DROP TRIGGER broken");
        Assert.Equal(AdmissionKind.Rejected, (await room.Intake.RefuseAsync(refusal, CancellationToken.None)).Kind);
        Assert.Single(room.Ledger.ReadCalls(10));
    }

    [Fact]
    public async Task A_redelivery_that_is_found_out_at_the_commit_leaves_the_minute_s_record_to_the_next_refusal()
    {
        await using var room = await Room.StartAsync(_state, handler: Recording(), monitor: Absent);
        Task<Admission> twin;
        using (var gate = new WriterGate(room.Ledger.Writer))
        {
            // Stored before the refusal, and after the look that spares its handler.
            room.Ledger.Writer.Post(new SqlOperation("""
                INSERT INTO refusal(delivery_id, request_id, msg_type, outcome, reason, settled_at) VALUES('d-1', 'r', 'fetch', 7, 'x', 1)
                """));
            twin = room.Intake.RefuseAsync(Refusal(room, "d-1"), CancellationToken.None);
        }

        Assert.Equal(AdmissionKind.KnownDelivery, (await twin).Kind);
        Assert.Empty(room.Ledger.ReadCalls(10));
        await room.Intake.RefuseAsync(Refusal(room, "d-2"), CancellationToken.None);
        Assert.Single(room.Ledger.ReadCalls(10));
    }

    [Fact]
    public async Task A_request_that_another_has_settled_leaves_the_minute_s_record_to_the_next_rejection()
    {
        await using var room = await Room.StartAsync(_state, handler: Recording(), monitor: Absent);
        var message = room.Message("a");
        await room.AcceptAsync(message);
        await room.SettledAsync(message.RequestId);
        var settled = room.Ledger.Reader.Load((long)Sql.Scalar(_state, "SELECT id FROM work")!)!;
        var rejected = RunResult.NotRun(Outcome.Rejected, "expired after 60 s");
        Assert.Null(await room.Settler.SettleQueuedAsync(settled, message, rejected, CancellationToken.None));
        await room.Intake.RefuseAsync(Refusal(room, "d-1") with { Reason = rejected.Reason }, CancellationToken.None);

        Assert.Equal(["ok", "rejected"], room.Ledger.ReadCalls(10).Select(static r => (string?)JsonNode.Parse(r.Body)!["extra_data"]!["outcome"]));
    }

    [Fact]
    public async Task A_skipped_twin_has_no_record()
    {
        await using var room = await Room.StartAsync(
            _state, handler: Recording(), monitor: Absent, before: static r => r.Runner.OnRun = FakeRunner.Forever);
        await room.AcceptAsync("a");
        await room.AcceptAsync("a");
        Assert.Empty(room.Ledger.ReadCalls(10));
    }

    [Fact]
    public async Task A_full_outbox_drops_the_oldest_of_low_weight_first_and_of_high_weight_last()
    {
        await using var room = await Room.StartAsync(_state, monitor: Absent);
        foreach (var (name, keep) in ((string, bool)[])[("low-1", false), ("high-1", true), ("low-2", false), ("high-2", true)])
        {
            await AddAsync(room, name, keep);
        }

        await AddAsync(room, "low-3", keep: false);
        Assert.Equal(["high-1", "low-2", "high-2", "low-3"], Names(room));
        await AddAsync(room, "high-3", keep: true);
        await AddAsync(room, "high-4", keep: true);
        Assert.Equal(["high-1", "high-2", "high-3", "high-4"], Names(room));
        Assert.Equal(3, room.Records.Outbox.CrowdedOut);

        await AddAsync(room, "low-4", keep: false);
        Assert.Equal(["high-1", "high-2", "high-3", "high-4"], Names(room));
        await AddAsync(room, "high-5", keep: true);
        Assert.Equal(["high-2", "high-3", "high-4", "high-5"], Names(room));
        Assert.Equal((5L, 4L), (room.Records.Outbox.CrowdedOut, room.Records.Outbox.Depth));
    }

    [Fact]
    public void A_record_of_high_weight_is_never_dropped_without_an_error_in_the_log()
    {
        var log = new RecordedLogger();
        using var gauge = new RecordGauge(new FakeTime(), log);
        gauge.Committed(10, 1, dropped: 0, droppedHigh: 0, added: true);
        Assert.Empty(log.Lines);
        gauge.Committed(10, 1, dropped: 2, droppedHigh: 0, added: true);
        gauge.Committed(10, 1, dropped: 0, droppedHigh: 1, added: true);
        Assert.Equal(["Warning", "Error"], log.Lines.Select(static l => l.Split(' ')[0]));
    }

    [Fact]
    public async Task A_ledger_of_the_version_before_is_brought_forward_with_its_work()
    {
        using (var old = LedgerFile.OpenForWriting(_state.Folder, [LedgerSchema.Steps[0]]))
        {
            Sql.Run(old, """
                INSERT INTO work(request_id, callers_id, msg_type, body, body_hash, lane, recovery, state, received_at)
                VALUES('old-1', 1, 'fetch', CAST('{"key":"a"}' AS BLOB), x'00', 'fetch', 0, 0, 1)
                """);
        }

        await using var room = await Room.StartAsync(_state, handler: Recording(), monitor: Absent);
        await room.SettledAsync(new RequestId("old-1"));

        Assert.Equal((long)LedgerSchema.Steps.Count, Sql.Scalar(_state, "PRAGMA user_version"));
        Assert.Equal("old-1", Assert.Single(room.Ledger.ReadCalls(10)).RequestId);
    }

    [Fact]
    public async Task Without_a_monitor_nothing_is_stored_for_it()
    {
        await using var room = await Room.StartAsync(_state, handler: Recording());
        var message = room.Message("a");
        await room.AcceptAsync(message);
        await room.SettledAsync(message.RequestId);
        Assert.Empty(room.Ledger.ReadCalls(10));
    }

    private static OpsAgent.Agent.Work.Refusal Refusal(Room room, string delivery)
    {
        var message = room.Message("a", delivery: delivery);
        return new OpsAgent.Agent.Work.Refusal
        {
            DeliveryId = message.DeliveryId, RequestId = message.RequestId, RequestType = "fetch", Reason = "lfn is missing", Message = message,
        };
    }

    private static FakeHandler Recording() => new("fetch")
    {
        OnConclude = static (message, result) => new Conclusion(result.Outcome, result.Reason, [])
        {
            Record = new ActionRecord { Action = "act", SubjectType = "fetched", SubjectKey = message.Text("key") },
        },
    };

    private static RestRow Row(string name, bool keep = false) =>
        new() { Url = "/api/logs/", Body = Encoding.UTF8.GetBytes(name), Keep = keep, CreatedAt = 1 };

    private static Task<bool> AddAsync(Room room, string name, bool keep) =>
        room.Ledger.Writer.DoAsync(new AddCallOperation(Row(name, keep)));

    private static string[] Names(Room room) => [.. room.Ledger.ReadCalls(10).Select(static r => Encoding.UTF8.GetString(r.Body))];
}
