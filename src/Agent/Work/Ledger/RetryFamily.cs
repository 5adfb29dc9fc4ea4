using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>A request, what it runs again, and all that was made of either by a retry.</summary>
internal static class RetryFamily
{
    private const string Members = """
        WITH RECURSIVE
            older(id, retry_of) AS (
                SELECT request_id, retry_of FROM work WHERE request_id = $1
                UNION SELECT w.request_id, w.retry_of FROM older CROSS JOIN work w ON w.request_id = older.retry_of),
            member(id) AS (
                SELECT id FROM older
                UNION SELECT retry_of FROM older WHERE retry_of IS NOT NULL
                UNION SELECT w.request_id FROM member CROSS JOIN work w ON w.retry_of = member.id)
        """;

    // Of what has not ended nobody knows how it will; the others may have had their effect. A cross join is what SQLite does not turn
    // round: it would walk through all of work to find the few that are members.
    internal const string Speaks = $"""
        {Members}
        SELECT w.request_id, w.state, w.outcome FROM member CROSS JOIN work w ON w.request_id = member.id
        WHERE w.state < 4 OR w.outcome IN (0, 3, 4, 5) ORDER BY w.id DESC LIMIT 1
        """;

    /// <summary>What speaks against running a request again: one of its family that may have done its work, or may yet. Null if none.</summary>
    public static Admission? Refusal(LedgerSession session, string retryOf)
    {
        var found = session.Query(
            Speaks, static r => (Id: r.GetString(0), State: (WorkState)r.GetInt32(1), Outcome: (Outcome?)r.Number(2)), retryOf);
        if (found.Count == 0)
        {
            return null;
        }

        var (id, state, outcome) = found[0];
        var how = state switch
        {
            WorkState.Settled => $"ended as {outcome?.ToWire()}",
            WorkState.Doubt => "is in doubt",
            _ => $"is {state.ToName()}",
        };
        return new Admission(AdmissionKind.Rejected, Reason: id == retryOf
            ? $"{id} {how}"
            : $"{id} is the same work again, by a retry, and {how}: send it again if it is to be done again");
    }
}
