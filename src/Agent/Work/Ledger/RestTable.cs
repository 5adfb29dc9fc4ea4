using OpsAgent.Agent.Monitor;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>
/// The outbox of REST calls, and its counts, which follow the transaction as <see cref="LedgerTally"/> does. Used by the writer's
/// thread alone.
/// </summary>
internal sealed class RestTable(RecordGauge gauge, int maxRows)
{
    private long _depth;
    private long _depthBefore;
    private long _dropped;
    private long _droppedKept;
    private bool _added;
    private bool _changed;

    public void Load(LedgerSession session)
    {
        Begin();
        _depth = (long)session.Scalar("SELECT count(*) FROM rest_outbox")!;
        _changed = _added = _depth > 0;
    }

    public void Begin()
    {
        _depthBefore = _depth;
        _dropped = _droppedKept = 0;
        _added = _changed = false;
    }

    public void Rollback() => _depth = _depthBefore;

    /// <summary>Stores a call; null does nothing. A full table drops its oldest that is not to be kept, else its oldest.</summary>
    public void Add(LedgerSession session, RestRow? row)
    {
        if (row is null)
        {
            return;
        }

        _changed = true;
        while (_depth >= maxRows)
        {
            if (session.Execute("DELETE FROM rest_outbox WHERE id = (SELECT id FROM rest_outbox WHERE keep = 0 ORDER BY id LIMIT 1)") > 0)
            {
                _dropped++;
            }
            else if (!row.Keep)
            {
                // All that wait are worth more than this one.
                _dropped++;
                return;
            }
            else
            {
                session.Execute("DELETE FROM rest_outbox WHERE id = (SELECT id FROM rest_outbox ORDER BY id LIMIT 1)");
                _droppedKept++;
            }

            _depth--;
        }

        session.Execute(
            "INSERT INTO rest_outbox(request_id, method, url, body, keep, deadline, created_at) VALUES($1, $2, $3, $4, $5, $6, $7)",
            row.RequestId, row.Method, row.Url, row.Body, row.Keep ? 1 : 0, row.Deadline, row.CreatedAt);
        _depth++;
        _added = true;
    }

    public void Delete(LedgerSession session, long id)
    {
        _depth -= session.Execute("DELETE FROM rest_outbox WHERE id = $1", id);
        _changed = true;
    }

    /// <summary>Called once it is committed.</summary>
    public void Remember(Func<string, long> oldest)
    {
        if (_changed)
        {
            gauge.Committed(_depth, oldest("SELECT created_at FROM rest_outbox ORDER BY id LIMIT 1"), _dropped, _droppedKept, _added);
        }
    }
}
