using System.Text.RegularExpressions;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.Doers.PayloadLog.Cache;

/// <summary>Removes what runs left behind that were killed.</summary>
internal static partial class Leftovers
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    /// <summary>
    /// This job's own at once, since the lock says that no other run is at it; others' when they have not changed for a day, which
    /// is far beyond any run's limit.
    /// </summary>
    public static void Sweep(Folder downloads, Folder task, PayloadLogArguments arguments, DateTimeOffset now, DoerLog log)
    {
        var mark = Download.Mark(arguments);
        var prefix = CacheEntry.PartialPrefix(arguments.PandaId);
        Sweep(downloads, name => DownloadName().IsMatch(name), n => n.Contains(mark, StringComparison.Ordinal), now, log);
        Sweep(task, CacheEntry.IsPartial, n => n.StartsWith(prefix, StringComparison.Ordinal), now, log);
    }

    private static void Sweep(Folder folder, Func<string, bool> match, Func<string, bool> own, DateTimeOffset now, DoerLog log)
    {
        foreach (var (name, changed) in folder.Entries(match))
        {
            if (!own(name) && now.UtcDateTime - changed < Abandoned)
            {
                continue;
            }

            try
            {
                folder.RemoveTree(name);
                log.Line($"removed what a killed run left: {OneLine.Of(folder.PathOf(name))}");
            }
            catch (Exception e) when (FileFault.Translate(e) is not null || e is IOException)
            {
                // Another user's, or gone by itself: it is in nobody's way.
                log.Line($"left over and not removed: {OneLine.Of(folder.PathOf(name))}: {OneLine.Of(e.Message)}");
            }
        }
    }

    [GeneratedRegex(@"\.[0-9a-f]{16}-[0-9a-f]{8}\z", RegexOptions.CultureInvariant)]
    private static partial Regex DownloadName();
}
