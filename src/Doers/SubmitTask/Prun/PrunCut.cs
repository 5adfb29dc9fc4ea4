namespace OpsAgent.Doers.SubmitTask.Prun;

/// <summary>Why we ended prun.</summary>
internal enum PrunCut
{
    /// <summary>We did not: it ended by itself.</summary>
    None = 0,

    /// <summary>It reached its limit.</summary>
    Limit = 1,

    /// <summary>It asked for a login.</summary>
    Login = 2,

    /// <summary>We were asked to stop.</summary>
    Stopped = 3,

    /// <summary>It printed without end.</summary>
    Runaway = 4,
}
