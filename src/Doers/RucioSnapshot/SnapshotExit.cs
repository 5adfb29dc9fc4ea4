using OpsAgent.Doers.Facility;

namespace OpsAgent.Doers.RucioSnapshot;

/// <summary>The exit codes of this doer's own contract.</summary>
internal static class SnapshotExit
{
    /// <summary>The run would empty the outputs of more than a tenth of the tasks that have some. No task was written.</summary>
    public const DoerExit WouldEmptyTasks = (DoerExit)3;

    /// <summary>Not done within the run's own limit.</summary>
    public const DoerExit LimitReached = (DoerExit)4;

    /// <summary>A call of PCS failed. No task was written.</summary>
    public const DoerExit CatalogueFailed = (DoerExit)5;

    /// <summary>A call of PCS failed when some tasks had been written; another run does the rest.</summary>
    public const DoerExit PartlyWritten = (DoerExit)6;
}
