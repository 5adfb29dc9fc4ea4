using System.Text;
using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.Doers.PayloadLog.Cache;

/// <summary>
/// One job's folder in the cache, <c>panda-logs/&lt;jeditaskid&gt;/&lt;pandaid&gt;</c>. It is filled aside and put in place in one
/// step, so that a reader sees the old entry or the new one, never a part, and <c>.done</c> never without its logs.
/// </summary>
internal sealed class CacheEntry(Folder task, string pandaId)
{
    public const string DoneFile = ".done";
    private const string CacheFolder = "panda-logs";
    private const string PartialMark = ".partial.";

    /// <summary>Where the entry is.</summary>
    public string Path => task.PathOf(pandaId);

    /// <summary>The prefix of what runs for this job fill aside.</summary>
    public static string PartialPrefix(string pandaId) => pandaId + PartialMark;

    /// <summary>True if a name in a task's folder is one that some run fills aside.</summary>
    public static bool IsPartial(string name) => name.Contains(PartialMark, StringComparison.Ordinal);

    /// <summary>Opens the task's folder, made if need be.</summary>
    public static Folder OpenTask(Folder root, string jediTaskId)
    {
        using var cache = root.OpenOrCreate(CacheFolder, FileModes.SharedFolder);
        return cache.OpenOrCreate(jediTaskId, FileModes.SharedFolder);
    }

    /// <summary>True if the job's entry is whole. Makes nothing.</summary>
    public static bool IsDone(Folder root, PayloadLogArguments arguments)
    {
        using var cache = root.Open(CacheFolder);
        using var task = cache?.Open(arguments.JediTaskId);
        using var entry = task?.Open(arguments.PandaId);
        return entry?.HasFile(DoneFile) ?? false;
    }

    /// <summary>
    /// Fills a new entry by <paramref name="fill"/>, which returns the names it wrote, and puts it in place of whatever is there
    /// (also an <c>.error</c> marker of the agent's). On failure the old entry stays as it was and nothing new is left.
    /// </summary>
    public async Task FillAsync(Func<Folder, Task<IReadOnlyCollection<string>>> fill)
    {
        var partial = PartialPrefix(pandaId) + Guid.NewGuid().ToString("N");
        try
        {
            using (var folder = task.Create(partial, FileModes.SharedFolder))
            {
                var names = await fill(folder);
                await using var done = folder.CreateFile(DoneFile, FileModes.ReadableFile);
                var line = string.Join(',', names.Order(StringComparer.Ordinal)) + "\n";
                await done.WriteAsync(Encoding.ASCII.GetBytes(line));
            }

            task.Publish(partial, pandaId);
        }
        catch
        {
            task.RemoveTree(partial);
            throw;
        }
    }
}
