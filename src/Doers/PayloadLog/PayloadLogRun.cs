using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Credentials;
using OpsAgent.Doers.Facility.Doors;
using OpsAgent.Doers.Facility.Files;
using OpsAgent.Doers.Facility.Rucio;
using OpsAgent.Doers.PayloadLog.Archive;
using OpsAgent.Doers.PayloadLog.Cache;

namespace OpsAgent.Doers.PayloadLog;

/// <summary>One fetch: look in the cache, lock, find doors, copy, unpack, publish.</summary>
internal sealed class PayloadLogRun(DoerEnvironment environment, DoerLog log, TimeProvider time)
{
    private const string LockKind = "payload-log";

    /// <summary>Returns when the cache holds the log; throws <see cref="DoerException"/> when it can't be had.</summary>
    public async Task FetchAsync(PayloadLogArguments arguments, CancellationToken stop)
    {
        var settings = PayloadLogSettings.From(environment);
        using var root = OpenScratch(settings.ScratchRoot);
        if (IsCached(root, arguments))
        {
            return;
        }

        using var held = RunLock.Take(root, LockKind, arguments.Key, time);
        if (IsCached(root, arguments))
        {
            return; // the run that we met in the doorway has just done it
        }

        using var task = CacheEntry.OpenTask(root, arguments.JediTaskId);
        var entry = new CacheEntry(task, arguments.PandaId);
        using var downloads = root.OpenOrCreate(Download.FolderName, FileModes.SharedFolder);
        Leftovers.Sweep(downloads, task, arguments, time.GetUtcNow(), log);

        using var proxy = ProxyCredential.Load(settings.ProxyPath, time);
        var doors = await FindDoorsAsync(arguments.Did, settings, proxy, stop);
        using var download = Download.Create(downloads, arguments);
        await CopyAsync(doors, download, settings, proxy, stop);
        await entry.FillAsync(
            folder => Task.FromResult(LogArchive.Extract(download.Content(), folder, ArchiveLimits.Default, stop)));
        log.Line($"cached in {entry.Path}");
    }

    private static Folder OpenScratch(string path) => Directory.Exists(path)
        ? Folder.OpenRoot(path)
        : throw new DoerException(DoerExit.Configuration, $"SWF_TMP_DIR: {path} is no folder");

    private bool IsCached(Folder root, PayloadLogArguments arguments)
    {
        if (arguments.Force || !CacheEntry.IsDone(root, arguments))
        {
            return false;
        }

        log.Line($"already cached: {arguments.JediTaskId}/{arguments.PandaId}");
        return true;
    }

    private async Task<IReadOnlyList<Door>> FindDoorsAsync(
        Did did, PayloadLogSettings settings, ProxyCredential proxy, CancellationToken stop)
    {
        using var http = ProxyHttp.Create(proxy, TrustAnchors.OfServices(environment));
        using var rucio = new RucioClient(http, settings.Rucio, log, time);
        var replicas = await rucio.ReplicasAsync(did, stop);
        var doors = DoorOrder.Of(replicas);
        if (doors.Count == 0)
        {
            throw new DoerException(DoerExit.NoReplica, $"no replica of {did}: {DoorOrder.WhyNone(replicas)}");
        }

        if (doors[0].Bytes > ArchiveLimits.Default.Bytes)
        {
            throw new DoerException(DoerExit.ArchiveTooBig, $"{did} has {doors[0].Bytes} bytes: beyond {ArchiveLimits.Default.Bytes}");
        }

        return doors;
    }

    private async Task CopyAsync(
        IReadOnlyList<Door> doors, Download download, PayloadLogSettings settings, ProxyCredential proxy, CancellationToken stop)
    {
        using var http = new DisposableLazy<HttpClient>(() => ProxyHttp.Create(proxy, TrustAnchors.OfDoors(environment)));
        var copy = DoorCopy.Create(XrdcpOptions.From(environment, settings.ProxyPath), () => http.Value, log, time);
        await copy.CopyAsync(doors, download.File, settings.CopyLimit, stop);
    }
}
