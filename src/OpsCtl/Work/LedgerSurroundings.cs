using Microsoft.Data.Sqlite;
using OpsAgent.Abstractions;
using OpsAgent.OpsCtl.Door;

namespace OpsAgent.OpsCtl.Work;

/// <summary>What the ledger file tells of what stands in a request's way.</summary>
/// <param name="Paused">The pause of its type; null: none.</param>
/// <param name="Held">The hold of its type; null: none. How long it lasts at most is the manifest's, not the ledger's.</param>
/// <param name="HeldAt">When the request was last told that it waits; null: never.</param>
internal sealed record LedgerSurroundings(PauseFact? Paused = null, HoldFact? Held = null, DateTimeOffset? HeldAt = null)
{
    /// <exception cref="SqliteException">The file can't be read.</exception>
    public static LedgerSurroundings Read(SqliteConnection connection, WorkItem item) => new(
        One(connection, "SELECT paused_by, since, reason FROM pause WHERE msg_type = $key", item.MsgType,
            row => new PauseFact(item.MsgType, row.GetString(0), Moment(row, 1), row.GetString(2))),
        One(connection, "SELECT reason, since FROM hold WHERE msg_type = $key", item.MsgType,
            static row => new HoldFact(row.GetString(0), Moment(row, 1))),
        One<DateTimeOffset?>(connection, "SELECT held_at FROM work WHERE request_id = $key AND held_at IS NOT NULL", item.RequestId,
            static row => Moment(row, 0)));

    private static T? One<T>(SqliteConnection connection, string sql, string key, Func<SqliteDataReader, T> read)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this class; the parameter carries the value
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$key", key);
        using var reader = command.ExecuteReader();
        return reader.Read() ? read(reader) : default;
    }

    private static DateTimeOffset Moment(SqliteDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
