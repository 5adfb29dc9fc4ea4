namespace OpsAgent.Doers.Facility.Pcs;

/// <summary>A call of PCS that failed; the message is one line for the reader.</summary>
/// <param name="message">The call and what came of it.</param>
/// <param name="status">The status of the answer; null if none came.</param>
/// <param name="isPassing">True if the same call may succeed later.</param>
/// <param name="inner">What was met.</param>
public sealed class PcsException(string message, int? status, bool isPassing, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The status of the answer; null if none came.</summary>
    public int? Status { get; } = status;

    /// <summary>True if the same call may succeed later: no connection, silence, 408, 429, 5xx.</summary>
    public bool IsPassing { get; } = isPassing;

    /// <summary>How long the answer asks to wait.</summary>
    internal TimeSpan? Wait { get; init; }
}
