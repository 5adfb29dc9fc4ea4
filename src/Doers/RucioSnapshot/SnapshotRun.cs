using System.Text.Json.Nodes;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Credentials;
using OpsAgent.Doers.Facility.Files;
using OpsAgent.Doers.Facility.Pcs;
using OpsAgent.Doers.Facility.Rucio;
using OpsAgent.Doers.RucioSnapshot.Matching;
using OpsAgent.Doers.RucioSnapshot.Taking;
using OpsAgent.Doers.RucioSnapshot.Writing;

namespace OpsAgent.Doers.RucioSnapshot;

/// <summary>One run: which campaigns, what Rucio has of each, the files, then the tasks.</summary>
internal sealed class SnapshotRun(
    SnapshotArguments arguments, SnapshotSettings settings, DoerEnvironment environment, DoerLog log, TimeProvider time)
{
    private const string LockKind = "rucio-snapshot";

    /// <summary>Runs within the run's own limit; the result has one line for each campaign that was taken.</summary>
    public async Task<DoerEnd> RunAsync(CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(settings.Total, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            using var root = OpenScratch(settings.ScratchRoot);
            using var held = RunLock.Take(root, LockKind, "", time);
            using var folder = SnapshotFolder.Open(root);
            using var http = ServiceHttp.Create(TrustAnchors.OfServices(environment));
            return await TakeAsync(new SnapshotFiles(folder, time), http, both.Token);
        }
        catch (PcsException e)
        {
            throw new DoerException(SnapshotExit.CatalogueFailed, e.Message + "; no task was written", e);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw new DoerException(
                SnapshotExit.LimitReached,
                $"not done within {settings.Total.TotalSeconds:0} s; each task is as it was or written whole",
                e);
        }
    }

    private static Folder OpenScratch(string path) => Directory.Exists(path)
        ? Folder.OpenRoot(path)
        : throw new DoerException(DoerExit.Configuration, $"SWF_TMP_DIR: {path} is no folder");

    private async Task<DoerEnd> TakeAsync(SnapshotFiles files, HttpClient http, CancellationToken stop)
    {
        var pcs = new PcsCampaigns(http, settings.Pcs, log, time);
        var campaigns = await CampaignsAsync(pcs, stop);
        using var rucio = new RucioDatasets(http, settings.Rucio, log, time);
        var taker = new SnapshotTaker(rucio, log, time);
        List<DoerException> failures = [];
        List<Snapshot> taken = [];
        foreach (var campaign in campaigns)
        {
            var snapshot = await taker.TakeAsync(campaign, stop);
            var kept = !arguments.DryRun && !files.Write(snapshot);
            if (snapshot.Failure is { } failure)
            {
                failures.Add(failure);
                log.Error($"{campaign.Name}: {failure.Message}; its tasks are left alone{(kept ? ", and its last snapshot" : "")}");
            }
            else
            {
                taken.Add(snapshot);
            }
        }

        var releases = await ReleasesAsync(taker, failures, stop);
        var current = taken.FindAll(static s => s.Campaign.IsMatched);
        var matching = current.Count == 0
            ? TaskMatching.None
            : await MatchAsync(new PcsRows(http, settings.Pcs, log, time), current, await CurrentCatalogues.ReadAsync(campaigns, pcs, stop), stop);
        var lines = taken.ConvertAll(s => $"{s.Campaign.Name}: {matching.Told(s)}");
        if (releases is not null && !arguments.DryRun)
        {
            taken.ForEach(s => files.WriteMatch(s, matching.Of(s.Campaign), releases));
        }

        return new DoerEnd(failures.Count > 0 ? failures[0].Exit : DoerExit.Ok, string.Join(Environment.NewLine, lines));
    }

    private async Task<IReadOnlyList<Campaign>> CampaignsAsync(PcsCampaigns pcs, CancellationToken stop)
    {
        var names = arguments.Campaigns.Count > 0 ? arguments.Campaigns : await pcs.TargetsAsync(stop);
        if (names.Count == 0)
        {
            throw new DoerException(DoerExit.Failed, "No current Campaign defined in PCS");
        }

        if (names.FirstOrDefault(static n => !CampaignForm.Fits(n)) is { } odd)
        {
            throw new PcsException($"PCS campaigns/status: a target '{odd}'", status: null, isPassing: false);
        }

        List<Campaign> campaigns = [];
        foreach (var name in names)
        {
            campaigns.Add(await Campaign.ReadAsync(name, pcs, stop));
        }

        return campaigns;
    }

    /// <summary>Null if it failed: then the last files keep what they say.</summary>
    private async Task<JsonArray?> ReleasesAsync(SnapshotTaker taker, List<DoerException> failures, CancellationToken stop)
    {
        try
        {
            return DetectedReleases.Of(await taker.ReconstructedAsync(stop));
        }
        catch (DoerException e)
        {
            failures.Add(e);
            log.Error($"releases: {e.Message}");
            return null;
        }
    }

    private async Task<TaskMatching> MatchAsync(PcsRows pcs, List<Snapshot> current, CurrentCatalogues catalogues, CancellationToken stop)
    {
        var rows = await CatalogueRows.ReadAsync(pcs, stop);
        var matching = TaskMatching.Of(current, catalogues, rows, log);
        if (!arguments.AllowShrink)
        {
            ShrinkGuard.Check([.. matching.Tasks]);
        }

        await matching.WriteAsync(arguments.DryRun ? null : new TaskWriter(pcs, rows.Tasks, log, time), log, stop);
        return matching;
    }
}
