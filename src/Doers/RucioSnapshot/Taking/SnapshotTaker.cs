using System.Globalization;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Rucio;
using OpsAgent.Doers.RucioSnapshot.Matching;

namespace OpsAgent.Doers.RucioSnapshot.Taking;

/// <summary>Takes snapshots: for each path its list of datasets, then what each holds, several at a time.</summary>
internal sealed class SnapshotTaker(RucioDatasets rucio, DoerLog log, TimeProvider time)
{
    private const int AtOnce = 16;

    /// <summary>Takes one. A path that fails is in it with its failure; the others go on.</summary>
    public async Task<Snapshot> TakeAsync(Campaign campaign, CancellationToken stop)
    {
        var now = time.GetLocalNow();
        var offset = now.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);
        List<SnapshotPath> paths = [];
        foreach (var (path, stage) in campaign.Paths)
        {
            paths.Add(await TakePathAsync(path, stage, stop));
        }

        return new Snapshot(campaign, now.ToString("s", CultureInfo.InvariantCulture) + offset, paths);
    }

    /// <summary>The names of all reconstructed datasets.</summary>
    public Task<IReadOnlyList<string>> ReconstructedAsync(CancellationToken stop) => rucio.SearchAsync(Snapshot.Scope, "/RECO/*", stop);

    private async Task<SnapshotPath> TakePathAsync(string path, string stage, CancellationToken stop)
    {
        try
        {
            var found = await rucio.SearchAsync(Snapshot.Scope, path + "/*", stop);
            List<string> names = [.. found.Where(n => IsBelow(path, n))];
            if (names.Count < found.Count)
            {
                log.Line($"{path}: {found.Count - names.Count} names that are not below it are left out");
            }

            var datasets = new Dataset?[names.Count];
            await Parallel.ForAsync(
                0,
                names.Count,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop },
                async (i, token) => datasets[i] = await TakeDatasetAsync(names[i], stage, token));
            log.Line($"{path}: {names.Count} datasets");
            return new SnapshotPath(path, [.. datasets.OfType<Dataset>()], null);
        }
        catch (DoerException e)
        {
            return new SnapshotPath(path, [], new DoerException(e.Exit, $"{path}: {e.Message}", e));
        }
    }

    /// <summary>Null if the dataset is gone since it was listed.</summary>
    private async Task<Dataset?> TakeDatasetAsync(string name, string stage, CancellationToken stop)
    {
        var did = new Did(Snapshot.Scope, name);
        try
        {
            var details = await rucio.DetailsAsync(did, stop);
            return new Dataset($"{did}", stage, details.Length, details.Bytes, details.Replicas);
        }
        catch (DoerException e) when (e.Exit == DoerExit.UnknownDid)
        {
            log.Line($"{OneLine.Of($"{did}")} is gone since it was listed");
            return null;
        }
    }

    // A part of dots would lead a URL out of its path.
    private static bool IsBelow(string path, string name) =>
        name.StartsWith(path + "/", StringComparison.Ordinal) && !name.Split('/').Any(static part => part is "." or "..");
}
