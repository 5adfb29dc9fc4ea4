using System.Text;
using Microsoft.Data.Sqlite;
using OpsAgent.Abstractions;
using OpsAgent.OpsCtl.Door;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Work;

/// <summary>Requests as the ledger file has them, read-only, while no agent runs. What was refused at the door is settled too.</summary>
internal sealed class LedgerWorkSource : IWorkSource
{
    private const string Columns =
        "request_id, msg_type, state, lane, dedup_key, delivery_id, requested_by, sent_at, received_at, started_at, settled_at, attempts, "
        + "not_before, pid, program, program_hash, outcome, reason, exit_code, duration_ms, survivors, duplicate_of, retry_of, doubt_at, looks, "
        + "looked_at, looked, sender";

    private const string RefusalColumns =
        "request_id, msg_type, 4, '', NULL, delivery_id, requested_by, NULL, settled_at, NULL, settled_at, 0, "
        + "NULL, NULL, NULL, NULL, outcome, reason, NULL, NULL, NULL, duplicate_of, NULL, NULL, 0, NULL, NULL, NULL";

    private static readonly string[] States = ["queued", "starting", "running", "doubt", "settled"];
    private readonly StateFolder _folder;
    private readonly SqliteConnection _connection;

    private LedgerWorkSource(StateFolder folder, SqliteConnection connection) => (_folder, _connection) = (folder, connection);

    public string Name => "ledger";

    /// <exception cref="OpsCtlException">There is no ledger, or it can't be read (exit 69).</exception>
    public static LedgerWorkSource Open(StateFolder folder, NoAgentException why)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = folder.Ledger,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = 5,
        }.ToString());
        try
        {
            LedgerDoor.Check(folder, why);
            connection.Open();
            LedgerDoor.CheckVersion(folder, connection);
            return new LedgerWorkSource(folder, connection);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw LedgerDoor.Unreadable(folder, e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public async Task<IReadOnlyList<WorkItem>> ListAsync(WorkFilter filter, CancellationToken cancellationToken)
    {
        var items = await ReadAsync(
            $"SELECT {Columns}, NULL FROM work WHERE {In(filter.State)} AND ($type IS NULL OR msg_type = $type) "
            + "AND ($sender IS NULL OR sender = $sender) ORDER BY id DESC LIMIT $limit",
            cancellationToken,
            ("$type", (object?)filter.MsgType ?? DBNull.Value),
            ("$sender", (object?)filter.Sender ?? DBNull.Value),
            ("$limit", filter.Limit));
        if (filter.Sender is null && filter.State is null or "settled")
        {
            items.AddRange(await ReadAsync(
                $"SELECT {RefusalColumns}, NULL FROM refusal WHERE $type IS NULL OR msg_type = $type ORDER BY id DESC LIMIT $limit",
                cancellationToken,
                ("$type", (object?)filter.MsgType ?? DBNull.Value),
                ("$limit", filter.Limit)));
        }

        // The agent's own order: among requests of one millisecond that of acceptance, which a stable sort keeps.
        return [.. items.OrderByDescending(static i => i.ReceivedAt).Take(filter.Limit)];
    }

    // SQLite takes the agent's index of what has begun and not ended only for a question that has the index's own words.
    private static string In(string? state) => state switch
    {
        null => "true",
        "starting" or "running" or "doubt" => $"state IN (1, 2, 3) AND state = {Array.IndexOf(States, state)}",
        _ => $"state = {Array.IndexOf(States, state)}",
    };

    public async Task<WorkItem> ShowAsync(string id, CancellationToken cancellationToken)
    {
        var found = await ReadAsync($"SELECT {Columns}, body FROM work WHERE request_id = $id", cancellationToken, ("$id", id));
        if (found.Count == 0)
        {
            found = await ReadAsync(
                $"SELECT {RefusalColumns}, NULL FROM refusal WHERE request_id = $id ORDER BY id DESC LIMIT 1",
                cancellationToken,
                ("$id", id));
        }

        return found.Count > 0
            ? found[0]
            : throw new OpsCtlException(
                ExitCode.Negative, $"the ledger has no request {id}", "list what it has: opsctl work list");
    }

    public async Task<WorkWhy> WhyAsync(string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var item = await ShowAsync(id, cancellationToken);
        try
        {
            return OfflineExplanation.Of(item, LedgerSurroundings.Read(_connection, item), now);
        }
        catch (SqliteException e)
        {
            throw LedgerDoor.Unreadable(_folder, e);
        }
    }

    public void Dispose() => _connection.Dispose();

    private async Task<List<WorkItem>> ReadAsync(
        string sql, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        try
        {
            await using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // made of constants of this class; parameters carry the values
            command.CommandText = sql;
#pragma warning restore CA2100
            foreach (var (name, value) in parameters)
            {
                command.Parameters.AddWithValue(name, value);
            }

            var items = new List<WorkItem>();
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                items.Add(Item(reader));
            }

            return items;
        }
        catch (SqliteException e)
        {
            throw LedgerDoor.Unreadable(_folder, e);
        }
    }

    private static WorkItem Item(SqliteDataReader row) => new()
    {
        RequestId = row.GetString(0),
        MsgType = row.GetString(1),
        State = row.GetInt32(2) is var state && state >= 0 && state < States.Length ? States[state] : $"state {state}",
        Lane = row.GetString(3),
        DedupKey = Text(row, 4),
        DeliveryId = Text(row, 5),
        RequestedBy = Text(row, 6),
        SentAt = Moment(row, 7),
        ReceivedAt = Moment(row, 8) ?? default,
        StartedAt = Moment(row, 9),
        SettledAt = Moment(row, 10),
        Attempts = row.GetInt32(11),
        NotBefore = Moment(row, 12),
        Pid = (int?)Number(row, 13),
        Program = Text(row, 14),
        ProgramHash = Text(row, 15),
        Outcome = Number(row, 16) is { } outcome && outcome < OutcomeNames.All.Count ? OutcomeNames.All[(int)outcome] : null,
        Reason = Text(row, 17) ?? "",
        ExitCode = (int?)Number(row, 18),
        DurationMs = Number(row, 19),
        Survivors = (int?)Number(row, 20),
        DuplicateOf = Text(row, 21),
        RetryOf = Text(row, 22),
        DoubtAt = Moment(row, 23),
        Looks = Number(row, 24) is > 0 and var looks ? (int)looks : null,
        LookedAt = Moment(row, 25),
        Looked = Text(row, 26),
        Sender = Text(row, 27),
        Body = row.IsDBNull(28) ? null : Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(28)),
    };

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static long? Number(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private static DateTimeOffset? Moment(SqliteDataReader row, int column) =>
        Number(row, column) is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
}
