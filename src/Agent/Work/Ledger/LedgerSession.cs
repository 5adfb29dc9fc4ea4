using Microsoft.Data.Sqlite;
using OpsAgent.Agent.Events;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>The writer's connection with its statements and counts. Used by the writer's thread alone.</summary>
internal sealed class LedgerSession(
    SqliteConnection connection, EventComposer composer, EventsOptions events, OutboxGauge gauge, RestTable calls) : IDisposable
{
    private readonly StatementCache _statements = new(connection);

    /// <summary>What it takes on disk.</summary>
    public required LedgerSpace Space { get; init; }

    /// <summary>Told of what goes into the outbox.</summary>
    public required OutboxAges Ages { get; init; }

    /// <summary>Whether what was signed earlier has been used this file can't tell; in ms unix UTC.</summary>
    public long OldestSignature { get; private set; }

    public LedgerTally Tally { get; } = new(events);

    public EventComposer Composer => composer;

    public RestTable Calls => calls;

    public int Execute(string sql, params ReadOnlySpan<object?> values) => _statements.Execute(sql, values);

    public object? Scalar(string sql, params ReadOnlySpan<object?> values) => _statements.Scalar(sql, values);

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values) =>
        _statements.Query(sql, read, values);

    /// <summary>Reads, or writes, since when the file keeps nonces.</summary>
    public void LoadBirth(long now, TimeSpan window)
    {
        if (Scalar("SELECT at FROM birth") is not long at)
        {
            Execute("INSERT INTO birth(at) VALUES($1)", now);
            at = now;
        }

        // A clock that was ahead when the file was made must not shut all signers out until that date.
        OldestSignature = Math.Min(at, now) - (long)window.TotalMilliseconds;
    }

    /// <summary>Reads the counts of a file that was just opened.</summary>
    public void LoadTally()
    {
        Tally.Begin();
        foreach (var (type, count) in Query(LedgerQueries.WaitingByType, static r => (r.GetString(0), r.GetInt32(1))))
        {
            Tally.AddQueued(type, count);
        }

        Tally.OutboxDepth = (long)Scalar("SELECT count(*) FROM outbox")!;
        Tally.OutboxChanged = Tally.OutboxAdded = Tally.OutboxDepth > 0;
        calls.Load(this);
        Ages.Committed(NewestInOutbox());
        Remember();
    }

    public void Begin()
    {
        // First: where no transaction can be begun it is rolled back too, and must then take nothing back that was committed.
        Tally.Begin();
        calls.Begin();
        Execute("BEGIN IMMEDIATE");
    }

    public void Commit()
    {
        Execute("COMMIT");
        Remember();
    }

    public void Rollback()
    {
        Tally.Rollback();
        calls.Rollback();
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does after some disk errors; there is no transaction to end.
        }
    }

    /// <summary>
    /// Puts a message into the outbox; null does nothing. A full outbox drops its oldest settlement, else its oldest event.
    /// </summary>
    public void Publish(OutboxRow? row)
    {
        if (row is null)
        {
            return;
        }

        while (Tally.OutboxDepth >= events.MaxOutboxRows)
        {
            var dropped = Execute("DELETE FROM outbox WHERE id = (SELECT id FROM outbox WHERE persistent = 0 ORDER BY id LIMIT 1)");
            dropped = dropped > 0 ? dropped : Execute("DELETE FROM outbox WHERE id = (SELECT id FROM outbox ORDER BY id LIMIT 1)");
            Tally.OutboxDepth = dropped > 0 ? Tally.OutboxDepth - dropped : 0;
            Tally.CrowdedOut += dropped;
        }

        Execute(
            """
            INSERT INTO outbox(event_id, request_id, destination, body, persistent, expires_at, created_at)
            VALUES($1, $2, $3, $4, $5, $6, $7)
            """,
            row.EventId, row.RequestId, row.Destination, row.Body, row.Persistent ? 1 : 0, row.ExpiresAt, row.CreatedAt);
        Tally.OutboxDepth++;
        Tally.OutboxAdded = Tally.OutboxChanged = true;
    }

    /// <summary>The highest id that work ever had.</summary>
    public long NewestInWork() => Read("SELECT seq FROM sqlite_sequence WHERE name = 'work'");

    public void Dispose() => _statements.Dispose();

    private void Remember()
    {
        Tally.Commit();
        if (Tally.OutboxAdded)
        {
            Ages.Committed(NewestInOutbox());
        }

        if (Tally.OutboxChanged)
        {
            gauge.Committed(
                Tally.OutboxDepth, Read("SELECT created_at FROM outbox ORDER BY id LIMIT 1"), Tally.CrowdedOut, Tally.OutboxAdded);
        }

        calls.Remember(Read);
    }

    private long NewestInOutbox() => Read("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'");

    private long Read(string query)
    {
        try
        {
            return Scalar(query) as long? ?? 0;
        }
        catch (SqliteException)
        {
            // The transaction is committed: an error here must not make it look failed, or it would be done twice.
            return 0;
        }
    }
}
