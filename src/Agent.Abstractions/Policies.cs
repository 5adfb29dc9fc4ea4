namespace OpsAgent.Abstractions;

/// <summary>What a restart does with work that had begun.</summary>
public enum RecoveryPolicy
{
    /// <summary>Safe to repeat: what is left of it is ended, and it runs again.</summary>
    Rerun = 0,

    /// <summary>Never started twice: re-attached, looked up, or in doubt.</summary>
    Report = 1,
}

/// <summary>What a drain does with work that still runs when its time is over.</summary>
public enum DrainPolicy
{
    /// <summary>Ended, and run again by the next start.</summary>
    Requeue = 0,

    /// <summary>Waited for, up to its own time limit.</summary>
    Finish = 1,
}

/// <summary>Where a doer's output goes while it runs.</summary>
public enum CaptureMode
{
    /// <summary>Through a pipe to the agent.</summary>
    Pipe = 0,

    /// <summary>Into files in the work folder, so that a doer outlives the agent.</summary>
    Files = 1,
}
