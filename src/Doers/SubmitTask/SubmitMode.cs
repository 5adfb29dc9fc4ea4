namespace OpsAgent.Doers.SubmitTask;

/// <summary>What a run is for.</summary>
internal enum SubmitMode
{
    /// <summary>Submit the task.</summary>
    Submit = 0,

    /// <summary>Finish the bookkeeping of a run that was cut short; prun is never started.</summary>
    Resume = 1,

    /// <summary>Look whether PanDA has the task; prun is never started.</summary>
    Reconcile = 2,

    /// <summary>Let go of what earlier runs left in doubt: PanDA certainly does not have the task.</summary>
    Close = 3,
}
