using OpsAgent.Abstractions;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Monitor;
using OpsAgent.Agent.Work.Holds;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>What the agent itself reads from the ledger.</summary>
internal sealed class LedgerReader(ReaderPool pool)
{
    public StoredWork? Load(long id) => pool.Read(db =>
        db.Query($"SELECT {StoredWork.Columns} FROM work WHERE id = $1", StoredWork.Read, id).SingleOrDefault());

    public StoredWork? Load(RequestId id) => pool.Read(db =>
        db.Query($"SELECT {StoredWork.Columns} FROM work WHERE request_id = $1", StoredWork.Read, id.Value).SingleOrDefault());

    /// <summary>Ids of work that had begun and not ended, oldest first.</summary>
    public IReadOnlyList<long> Begun() => pool.Read(static db =>
        db.Query(LedgerQueries.Begun, static r => r.GetInt64(0)));

    public IReadOnlyList<RequestId> Doubtful() => pool.Read(static db =>
        db.Query(LedgerQueries.Doubtful, static r => new RequestId(r.GetString(0))));

    public IReadOnlyList<StoredDoubt> Doubts() => pool.Read(static db => db.Query(
        LedgerQueries.Doubts, static r => new StoredDoubt(r.GetInt64(0), r.GetInt64(1), r.Long(2))));

    public int InDoubt() => pool.Read(static db => (int)(long)db.Scalar(LedgerQueries.InDoubt)!);

    /// <summary>What waits, by lane and type.</summary>
    public IReadOnlyList<WaitingGroup> Waiting() => pool.Read(static db => db.Query(
        LedgerQueries.Waiting,
        static r => new WaitingGroup(
            new LaneName(r.GetString(0)), new MsgType(r.GetString(1)), r.GetInt32(2), r.GetInt64(3), r.GetInt64(4))));

    /// <summary>Ids of a type that wait in a lane, in the order of acceptance.</summary>
    public IReadOnlyList<QueuedId> Page(LaneName lane, MsgType type, long after, int limit) => pool.Read(db => db.Query(
        LedgerQueries.Page, static r => new QueuedId(r.GetInt64(0), r.GetInt64(1), r.Long(2) ?? 0), lane.Value, type.Value, after, limit));

    /// <summary>Work of a held type that waits and was not told so in this hold, in the order of acceptance.</summary>
    public IReadOnlyList<StoredWork> Untold(HeldType held, long after, int limit) => pool.Read(db => db.Query(
        LedgerQueries.Untold, StoredWork.Read, held.Lane.Value, held.MsgType.Value, after, held.Since.ToUnixTimeMilliseconds(), limit));

    public bool IsKnownDelivery(string deliveryId) => pool.Read(db =>
        db.Scalar("SELECT 1 FROM refusal WHERE delivery_id = $1", deliveryId) is not null
        || db.Scalar("SELECT 1 FROM work WHERE delivery_id = $1", deliveryId) is not null
        || db.Scalar("SELECT 1 FROM nonce WHERE delivery_id = $1", deliveryId) is not null);

    public bool IsUsed(MessageSignature signature) => pool.Read(db =>
        db.Scalar("SELECT 1 FROM nonce WHERE key_id = $1 AND nonce = $2", signature.KeyId, signature.Nonce) is not null);

    public IReadOnlyList<OutboxRow> Outbox(long after, int limit) => pool.Read(db => db.Query(
        """
        SELECT id, event_id, request_id, destination, body, persistent, expires_at, created_at FROM outbox
        WHERE id > $1 ORDER BY id LIMIT $2
        """,
        static r => new OutboxRow
        {
            Id = r.GetInt64(0),
            EventId = r.GetString(1),
            RequestId = r.GetString(2),
            Destination = r.GetString(3),
            Body = (byte[])r.GetValue(4),
            Persistent = r.GetInt64(5) != 0,
            ExpiresAt = r.Long(6),
            CreatedAt = r.GetInt64(7),
        },
        after, limit));

    public IReadOnlyList<RestRow> Calls(int limit) => pool.Read(db => db.Query(
        "SELECT id, request_id, method, url, body, keep, deadline, created_at FROM rest_outbox ORDER BY id LIMIT $1",
        static r => new RestRow
        {
            Id = r.GetInt64(0),
            RequestId = r.Text(1),
            Method = r.GetString(2),
            Url = r.GetString(3),
            Body = (byte[])r.GetValue(4),
            Keep = r.GetInt64(5) != 0,
            Deadline = r.Long(6),
            CreatedAt = r.GetInt64(7),
        },
        limit));
}

/// <summary>Work of one type that waits in one lane.</summary>
internal readonly record struct WaitingGroup(LaneName Lane, MsgType MsgType, int Count, long First, long Last);

/// <summary>A place in a lane.</summary>
/// <param name="Id">The row.</param>
/// <param name="ReceivedAt">In ms unix UTC.</param>
/// <param name="NotBefore">In ms unix UTC; 0: at once.</param>
internal readonly record struct QueuedId(long Id, long ReceivedAt, long NotBefore = 0);
