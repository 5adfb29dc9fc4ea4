namespace OpsAgent.Abstractions;

/// <summary>How a request ended. The wire and the ledger spell each in lower case (see <see cref="OutcomeNames"/>).</summary>
public enum Outcome
{
    /// <summary>The doer did what was asked.</summary>
    Ok = 0,

    /// <summary>The doer ran and failed, or could not be started.</summary>
    Error = 1,

    /// <summary>The doer was ended at its time limit.</summary>
    Timeout = 2,

    /// <summary>Done, but the facility's record of it could not be written.</summary>
    Unrecorded = 3,

    /// <summary>Accepted by the facility, but its effect was not seen in time.</summary>
    Unverified = 4,

    /// <summary>In doubt: not known whether it was done. Keeps its <see cref="DedupKey"/> until somebody finds out.</summary>
    Unknown = 5,

    /// <summary>A duplicate: the first one's events serve both.</summary>
    Skipped = 6,

    /// <summary>Refused before anything ran.</summary>
    Rejected = 7,

    /// <summary>Ended by an operator.</summary>
    Cancelled = 8,
}
