using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.OpsCtl.Guard;

/// <summary>
/// Removes payload logs by age: <c>panda-logs/TASK/JOB</c> whose last change is older. Each folder is held open and what is in it
/// reached from there, never through a link: the cache belongs to another user than who prunes it.
/// </summary>
internal sealed class CachePrune(GuardSettings settings, GuardReport report, TimeProvider time)
{
    private const string Check = "prune";
    private const string Logs = "panda-logs";

    private int _removed;
    private int _kept;
    private int _failed;

    public void Run(int days)
    {
        var root = Path.Combine(settings.CacheFolder, Logs);
        var before = time.GetUtcNow().UtcDateTime - TimeSpan.FromDays(days);
        try
        {
            // The cache folder is where the configuration says; what is in it, its users may have replaced by a link.
            using var cache = Directory.Exists(settings.CacheFolder) ? Folder.OpenRoot(settings.CacheFolder) : null;
            using var logs = cache?.Open(Logs);
            if (logs is null)
            {
                report.Say(Check, "skip", $"there is no {root}");
                return;
            }

            ForEachFolder(logs, task => PruneTask(logs, task, before));
        }
        catch (Exception e) when (IsFault(e))
        {
            Failed(root, e);
        }

        var failed = _failed > 0 ? $"; {_failed} could not be removed" : "";
        report.Say(
            Check, "remove", $"{_removed} job folder(s) of {root} not changed for {days} day(s); {_kept} younger one(s) stay{failed}");
    }

    private static bool IsFault(Exception e) => e is DoerException or IOException or UnauthorizedAccessException;

    private void PruneTask(Folder logs, string name, DateTime before)
    {
        using var task = logs.Open(name);
        if (task is null)
        {
            return;
        }

        // Before its folders go, which changes it.
        var old = task.Changed() < before;
        ForEachFolder(task, job => PruneJob(task, job, before));
        if (old && !report.DryRun)
        {
            logs.RemoveEmptyFolder(name);
        }
    }

    private void PruneJob(Folder task, string name, DateTime before)
    {
        using var job = task.Open(name);
        if (job is null)
        {
            return;
        }

        if (job.Changed() >= before)
        {
            _kept++;
            return;
        }

        if (!report.DryRun)
        {
            job.Empty();
            task.RemoveEmptyFolder(name);
        }

        _removed++;
    }

    private void ForEachFolder(Folder parent, Action<string> prune)
    {
        foreach (var (name, isFolder) in parent.Contents())
        {
            if (!isFolder)
            {
                continue;
            }

            try
            {
                prune(name);
            }
            catch (Exception e) when (IsFault(e))
            {
                // Its neighbours are still looked at.
                Failed(parent.PathOf(name), e);
            }
        }
    }

    private void Failed(string path, Exception e)
    {
        _failed++;
        report.Say(Check, "skip", $"{path}: {e.Message}");
    }
}
