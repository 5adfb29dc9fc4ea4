namespace OpsAgent.Agent.Launching;

/// <summary>Why a doer was ended before it ended by itself.</summary>
internal enum EndCause
{
    /// <summary>It was not.</summary>
    None = 0,

    /// <summary>The whole run's limit.</summary>
    TimedOut = 1,

    /// <summary>It wrote nothing for too long.</summary>
    Silent = 2,

    /// <summary>Somebody asked for it.</summary>
    Cancelled = 3,
}
