namespace OpsAgent.Agent.Work.Ledger;

/// <summary>
/// What is asked of all work that has not ended. The file may keep millions of rows that have, so each is answered from an index. SQLite
/// uses one of some states only where the question has the very words of that index: hence the list beside the one that is meant.
/// </summary>
internal static class LedgerQueries
{
    public const string Begun = $"SELECT id FROM work WHERE {NotEnded} AND state < 3 ORDER BY id";

    public const string Doubtful = $"SELECT request_id FROM work WHERE {NotEnded} AND state = 3";

    public const string Doubts = $"SELECT id, coalesce(doubt_at, received_at), looked_at FROM work WHERE {NotEnded} AND state = 3 ORDER BY id";

    public const string InDoubt = $"SELECT count(*) FROM work WHERE {NotEnded} AND state = 3";

    public const string Waiting =
        "SELECT lane, msg_type, count(*), min(id), max(id) FROM work WHERE state = 0 GROUP BY lane, msg_type";

    public const string WaitingByType = "SELECT msg_type, count(*) FROM work WHERE state = 0 GROUP BY msg_type";

    public const string Page = """
        SELECT id, received_at, not_before FROM work
        WHERE state = 0 AND lane = $1 AND msg_type = $2 AND id > $3 ORDER BY id LIMIT $4
        """;

    public const string Untold = $"""
        SELECT {StoredWork.Columns} FROM work
        WHERE state = 0 AND lane = $1 AND msg_type = $2 AND id > $3 AND (held_at IS NULL OR held_at < $4) ORDER BY id LIMIT $5
        """;

    private const string NotEnded = "state IN (1, 2, 3)";

    /// <summary>The condition for rows of a state.</summary>
    public static string In(WorkState state) => state switch
    {
        WorkState.Queued => "state = 0",
        WorkState.Starting => $"{NotEnded} AND state = 1",
        WorkState.Running => $"{NotEnded} AND state = 2",
        WorkState.Doubt => $"{NotEnded} AND state = 3",
        _ => "state = 4",
    };
}
