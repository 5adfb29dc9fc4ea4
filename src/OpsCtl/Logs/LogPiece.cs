namespace OpsAgent.OpsCtl.Logs;

/// <summary>GET /v1/work/{id}/logs: some lines of one attempt's output.</summary>
/// <param name="State">The request's state; empty where only its files are known.</param>
/// <param name="Attempts">Those that something is kept of, oldest first.</param>
/// <param name="Attempt">The one that this is of; 0 if there is none.</param>
/// <param name="Text">Whole lines, <c>TIME STREAM TEXT</c> each.</param>
/// <param name="Next">The offset to go on from.</param>
internal sealed record LogPiece(string State, IReadOnlyList<int> Attempts, int Attempt, string Text, long Next)
{
    /// <summary>True while more may come.</summary>
    public bool IsOpen => State is "queued" or "starting" or "running";
}

/// <summary>Where a request's output is read from.</summary>
internal interface ILogSource : IDisposable
{
    /// <param name="id">The request.</param>
    /// <param name="attempt">0: the first that there is.</param>
    /// <param name="offset">In bytes.</param>
    /// <param name="cancellationToken">Ends the wait for it.</param>
    Task<LogPiece> ReadAsync(string id, int attempt, long offset, CancellationToken cancellationToken);
}
