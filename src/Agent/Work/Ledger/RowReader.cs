using System.Text;
using Microsoft.Data.Sqlite;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Rows for people to look at: work, and what was refused at the door.</summary>
internal sealed class RowReader(ReaderPool pool)
{
    private const string WorkColumns = """
        request_id, msg_type, state, lane, dedup_key, delivery_id, requested_by, sent_at, received_at, started_at, settled_at,
        attempts, not_before, pid, program, program_hash, outcome, reason, exit_code, duration_ms, survivors, duplicate_of,
        retry_of, doubt_at, looks, looked_at, looked, held_at, sender
        """;

    private const string RefusalColumns = "request_id, msg_type, delivery_id, requested_by, settled_at, outcome, reason, duplicate_of";

    /// <summary>Newest first; refusals stand among them as settled, and name no sender.</summary>
    public IReadOnlyList<WorkRow> List(WorkState? state, string? msgType, string? sender, int limit)
    {
        var rows = pool.Read(db => db.Query(ListQuery(state), static r => Work(r, null), msgType, sender, limit));
        if (sender is null && state is null or WorkState.Settled)
        {
            rows.AddRange(pool.Read(db => db.Query(
                $"SELECT {RefusalColumns} FROM refusal WHERE $1 IS NULL OR msg_type = $1 ORDER BY id DESC LIMIT $2",
                Refusal, msgType, limit)));
        }

        // A stable sort keeps the order of acceptance among rows of one millisecond.
        return [.. rows.OrderByDescending(static r => r.ReceivedAt).Take(limit)];
    }

    // The sign keeps SQLite from walking through all rows for the sake of their order, where few are queued.
    internal static string ListQuery(WorkState? state) => $"""
        SELECT {WorkColumns} FROM work
        WHERE {(state is { } wanted ? LedgerQueries.In(wanted) : "true")} AND ($1 IS NULL OR msg_type = $1) AND ($2 IS NULL OR sender = $2)
        ORDER BY {(state == WorkState.Queued ? "+id" : "id")} DESC LIMIT $3
        """;

    public WorkRow? Find(RequestId id) =>
        pool.Read(db => db.Query(
            $"SELECT {WorkColumns}, body FROM work WHERE request_id = $1",
            static r => Work(r, r.IsDBNull(29) ? null : Encoding.UTF8.GetString((byte[])r.GetValue(29))), id.Value)).SingleOrDefault()
        ?? pool.Read(db => db.Query(
            $"SELECT {RefusalColumns} FROM refusal WHERE request_id = $1 ORDER BY id DESC LIMIT 1", Refusal, id.Value)).SingleOrDefault();

    private static WorkRow Work(SqliteDataReader row, string? body) => new()
    {
        RequestId = new RequestId(row.GetString(0)),
        MsgType = new MsgType(row.GetString(1)),
        State = ((WorkState)row.GetInt32(2)).ToName(),
        Lane = row.GetString(3),
        DedupKey = row.Text(4),
        DeliveryId = row.Text(5),
        RequestedBy = row.Text(6),
        SentAt = row.Time(7),
        ReceivedAt = row.Time(8)!.Value,
        StartedAt = row.Time(9),
        SettledAt = row.Time(10),
        Attempts = row.GetInt32(11),
        NotBefore = row.Time(12),
        Pid = row.Number(13),
        Program = row.Text(14),
        ProgramHash = row.Text(15),
        Outcome = (Outcome?)row.Number(16),
        Reason = row.Text(17) ?? "",
        ExitCode = row.Number(18),
        DurationMs = row.Long(19),
        Survivors = row.Number(20),
        DuplicateOf = row.Text(21),
        RetryOf = row.Text(22),
        DoubtAt = row.Time(23),
        Looks = row.GetInt32(24),
        LookedAt = row.Time(25),
        Looked = row.Text(26),
        HeldAt = row.Time(27),
        Sender = row.Text(28),
        Body = body,
    };

    private static WorkRow Refusal(SqliteDataReader row) => new()
    {
        RequestId = new RequestId(row.GetString(0)),
        MsgType = new MsgType(row.GetString(1)),
        State = WorkState.Settled.ToName(),
        DeliveryId = row.Text(2),
        RequestedBy = row.Text(3),
        ReceivedAt = row.Time(4)!.Value,
        SettledAt = row.Time(4),
        Outcome = (Outcome)row.GetInt32(5),
        Reason = row.GetString(6),
        DuplicateOf = row.Text(7),
    };
}
