using System.Text.Json;
using System.Text.Json.Nodes;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Pcs;
using OpsAgent.Doers.RucioSnapshot.Matching;

namespace OpsAgent.Doers.RucioSnapshot.Writing;

/// <summary>
/// Writes tasks' lists to PCS. A PATCH replaces all of a task's overrides and PCS checks nothing, so each task is read again just
/// before: what others wrote meanwhile stays, and what is right already is left alone.
/// </summary>
internal sealed class TaskWriter(PcsRows pcs, IReadOnlyCollection<TaskRow> all, DoerLog log, TimeProvider time)
{
    private const int AtOnce = 4;
    private const int Tries = 4;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    private readonly HashSet<string> _ambiguous =
        [.. all.GroupBy(static t => t.ComposedName).Where(static g => g.Count() > 1).Select(static g => g.Key)];

    private int _written;

    // A PATCH whose answer did not come may have been done all the same.
    private volatile bool _mayBeWritten;

    /// <summary>Those that, as they were listed, would change.</summary>
    public static List<TaskLists> Changed(IEnumerable<TaskLists> tasks) =>
        [.. tasks.Where(static t => !TaskOverrides.SayTheSame(t.Task.Overrides, TaskOverrides.With(t.Task.Overrides, t)))];

    /// <summary>Writes them, several at a time; the number of those written.</summary>
    public async Task<int> WriteAsync(IReadOnlyCollection<TaskLists> changed, CancellationToken stop)
    {
        var before = _written;
        try
        {
            await Parallel.ForEachAsync(
                changed,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop },
                async (task, token) => await WriteAsync(task, token, stop));
            return _written - before;
        }
        catch (PcsException e)
        {
            throw new DoerException(
                _written > 0 || _mayBeWritten ? SnapshotExit.PartlyWritten : SnapshotExit.CatalogueFailed,
                $"{e.Message}; {_written} of {changed.Count} tasks were written, another run does the rest",
                e);
        }
    }

    /// <summary>Writes one; a PATCH that is under way when another task fails is finished, so that it is counted.</summary>
    private async Task WriteAsync(TaskLists lists, CancellationToken token, CancellationToken stop)
    {
        var name = NameOf(lists.Task);
        for (var tries = 1; ; tries++)
        {
            var row = await pcs.TaskAsync(name, token);
            if (PcsFields.Number(row, "id") != lists.Task.Id)
            {
                throw new PcsException($"PCS prod-task: {OneLine.Of(name)} is another task now", status: null, isPassing: false);
            }

            var overrides = PcsFields.Field(row, "overrides");
            if (overrides is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) })
            {
                log.Line($"{OneLine.Of(name)}: its overrides are no object; left alone");
                return;
            }

            var now = overrides is { ValueKind: JsonValueKind.Object } own ? JsonObject.Create(own)! : [];
            var next = TaskOverrides.With(now, lists);
            if (TaskOverrides.SayTheSame(now, next))
            {
                return;
            }

            try
            {
                await pcs.ReplaceOverridesAsync(name, next, stop);
                Interlocked.Increment(ref _written);
                return;
            }
            catch (PcsException e) when (e.IsPassing)
            {
                _mayBeWritten = true;
                if (tries == Tries)
                {
                    throw;
                }

                // Perhaps it was done and only the answer lost: reading it again tells.
                log.Line($"{OneLine.Of(e.Message)}; {OneLine.Of(name)} is read again");
                await Task.Delay(Wait * tries, time, token);
            }
        }
    }

    // Two tasks may have one composed name, and a name may hold what no path should, such as a slash; a key is always one task's.
    private string NameOf(TaskRow task) =>
        ArgumentForms.IsTaskName(task.ComposedName) && !task.ComposedName.Contains('/', StringComparison.Ordinal) && !_ambiguous.Contains(task.ComposedName) ? task.ComposedName : $"{task.Id}";
}
