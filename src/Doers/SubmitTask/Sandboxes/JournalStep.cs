namespace OpsAgent.Doers.SubmitTask.Sandboxes;

/// <summary>How far a submission has come.</summary>
internal enum JournalStep
{
    /// <summary>The sandbox was made.</summary>
    Opened = 0,

    /// <summary>The command was fetched and accepted.</summary>
    Fetched = 1,

    /// <summary>prun is about to be started: from here on PanDA may have the task.</summary>
    Starting = 2,

    /// <summary>prun runs.</summary>
    Started = 3,

    /// <summary>prun has ended.</summary>
    Ended = 4,

    /// <summary>PanDA's id is known.</summary>
    IdSeen = 5,

    /// <summary>PCS knows the id.</summary>
    Recorded = 6,

    /// <summary>The doer has said how it went.</summary>
    Concluded = 7,
}
