using Microsoft.Data.Sqlite;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Monitor;
using OpsAgent.Agent.Work.Holds;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Reads what was held for a credential.</summary>
internal sealed class LoadHoldsOperation(Action<List<HeldType>> loaded) : LedgerOperation<List<HeldType>>
{
    protected override List<HeldType> Change(LedgerSession session) => session.Query("SELECT msg_type, lane, reason, since FROM hold", Row);

    protected override void OnCommitted(List<HeldType> result) => loaded(result);

    private static HeldType Row(SqliteDataReader row) => new(
        new MsgType(row.GetString(0)), new LaneName(row.GetString(1)), HoldCause.Credential, row.GetString(2), row.Time(3)!.Value);
}

/// <summary>A type is held for a credential, or for another reason than before.</summary>
internal sealed class HoldOperation(HeldType held) : LedgerOperation<bool>
{
    protected override bool Change(LedgerSession session) => session.Execute(
        """
        INSERT INTO hold(msg_type, lane, reason, since) VALUES($1, $2, $3, $4)
        ON CONFLICT(msg_type) DO UPDATE SET lane = excluded.lane, reason = excluded.reason, since = excluded.since
        """,
        held.MsgType.Value, held.Lane.Value, held.Reason, held.Since.ToUnixTimeMilliseconds()) == 1;
}

/// <summary>A type is held no more.</summary>
internal sealed class EndHoldOperation(MsgType msgType) : LedgerOperation<bool>
{
    protected override bool Change(LedgerSession session) => session.Execute("DELETE FROM hold WHERE msg_type = $1", msgType.Value) == 1;
}

/// <summary>A request was told to be held; false, and nothing is published, if it waits no more or was told in this hold.</summary>
internal sealed class ToldOperation(ToldWork told) : LedgerOperation<bool>
{
    protected override bool Change(LedgerSession session)
    {
        // Not before the hold, also by a clock that was set back since: it would be told again at each look.
        var changed = session.Execute(
            "UPDATE work SET held_at = max($2, $3) WHERE id = $1 AND state = 0 AND (held_at IS NULL OR held_at < $3)", told.Id, told.Now, told.Since) == 1;
        if (changed)
        {
            session.Publish(told.Message);
            session.Calls.Add(session, told.Record);
        }

        return changed;
    }
}

/// <summary>A request that waits for a credential, and what is told of it.</summary>
/// <param name="Id">The row.</param>
/// <param name="Since">When the hold began, ms unix UTC.</param>
/// <param name="Now">The moment, ms unix UTC.</param>
/// <param name="Message">The event; null if settlements are off.</param>
/// <param name="Record">The action record; null: none.</param>
internal sealed record ToldWork(long Id, long Since, long Now, OutboxRow? Message, RestRow? Record);
