using Microsoft.Data.Sqlite;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Reads what is paused, in the order of the changes to it.</summary>
internal sealed class LoadPausesOperation(Action<List<PausedType>> loaded) : LedgerOperation<List<PausedType>>
{
    internal const string All = "SELECT msg_type, paused_by, uid, since, reason FROM pause";

    internal static PausedType Row(SqliteDataReader row) => new(
        new MsgType(row.GetString(0)), row.GetString(1), (uint)row.GetInt64(2), row.Time(3)!.Value, row.GetString(4));

    protected override List<PausedType> Change(LedgerSession session) => session.Query(All, Row);

    protected override void OnCommitted(List<PausedType> result) => loaded(result);
}

/// <summary>Pauses a type; one that is paused keeps its beginning.</summary>
internal sealed class PauseOperation(PausedType paused, Action<PausedType> committed) : LedgerOperation<PausedType>
{
    protected override PausedType Change(LedgerSession session) => session.Query(
        """
        INSERT INTO pause(msg_type, paused_by, uid, since, reason) VALUES($1, $2, $3, $4, $5)
        ON CONFLICT(msg_type) DO UPDATE SET paused_by = excluded.paused_by, uid = excluded.uid, reason = excluded.reason
        RETURNING msg_type, paused_by, uid, since, reason
        """,
        LoadPausesOperation.Row,
        paused.MsgType.Value, paused.By, (long)paused.Uid, paused.Since.ToUnixTimeMilliseconds(), paused.Reason).Single();

    protected override void OnCommitted(PausedType result) => committed(result);
}

/// <summary>Ends a pause; null if there was none.</summary>
internal sealed class ResumeOperation(MsgType msgType, Action committed) : LedgerOperation<PausedType?>
{
    protected override PausedType? Change(LedgerSession session) => session.Query(
        "DELETE FROM pause WHERE msg_type = $1 RETURNING msg_type, paused_by, uid, since, reason",
        LoadPausesOperation.Row, msgType.Value).SingleOrDefault();

    protected override void OnCommitted(PausedType? result) => committed();
}
