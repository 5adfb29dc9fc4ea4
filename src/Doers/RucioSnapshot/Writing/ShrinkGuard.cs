using OpsAgent.Doers.Facility;
using OpsAgent.Doers.RucioSnapshot.Matching;

namespace OpsAgent.Doers.RucioSnapshot.Writing;

/// <summary>Stops a run that would take all outputs from many tasks: more likely something is wrong than so much is gone.</summary>
internal static class ShrinkGuard
{
    private const double MostEmptied = 0.1;

    /// <summary>Throws if more than a tenth of the tasks that have outputs would have none.</summary>
    public static void Check(IReadOnlyCollection<TaskLists> tasks)
    {
        var have = tasks.Count(static t => t.Task.HasOutputs);
        var emptied = tasks.Count(static t => t.Task.HasOutputs && t.Outputs.Count == 0);
        if (emptied > have * MostEmptied)
        {
            throw new DoerException(
                SnapshotExit.WouldEmptyTasks,
                $"{emptied} of {have} tasks that have outputs would have none: more than a tenth. No task was written; "
                + "give --allow-shrink if that is right");
        }
    }
}
