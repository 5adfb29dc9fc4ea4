using OpsAgent.Doers.Facility.Pcs;
using OpsAgent.Doers.RucioSnapshot.Matching;

namespace OpsAgent.Doers.RucioSnapshot.Taking;

/// <summary>A campaign to take.</summary>
/// <param name="Name">Its name, 26.02.</param>
/// <param name="Lifecycle">current, last, ...</param>
/// <param name="Editions">The editions that Rucio is searched for.</param>
/// <param name="Samples">The composed names of its tasks: a task that is not among them is another campaign's.</param>
internal sealed record Campaign(string Name, string Lifecycle, IReadOnlyList<string> Editions, IReadOnlySet<string> Samples)
{
    /// <summary>The lifecycle of a campaign whose tasks are written.</summary>
    public const string Current = "current";

    private static readonly string[] Stages = ["RECO", "FULL"];

    /// <summary>Only the current campaign's tasks are written.</summary>
    public bool IsMatched => Lifecycle == Current;

    /// <summary>Where its datasets are in Rucio, with their stage.</summary>
    public IEnumerable<(string Path, string Stage)> Paths =>
        Stages.SelectMany(stage => Editions.Select(edition => ($"/{stage}/{edition}", stage)));

    /// <summary>Asks PCS.</summary>
    public static async Task<Campaign> ReadAsync(string name, PcsCampaigns pcs, CancellationToken stop)
    {
        var lifecycle = await pcs.LifecycleAsync(name, stop);
        var samples = await pcs.CatalogAsync(name, stop);
        var editions = EditionsOf(name, samples);
        if (editions.FirstOrDefault(static e => !CampaignForm.Fits(e)) is { } odd)
        {
            throw new PcsException($"PCS catalog: campaign {name} has an edition '{odd}'", status: null, isPassing: false);
        }

        return new Campaign(name, lifecycle, editions, SamplesOf(samples));
    }

    /// <summary>The composed names in a catalogue.</summary>
    public static IReadOnlySet<string> SamplesOf(IEnumerable<PcsSample> catalogue) =>
        catalogue.Select(static s => s.Name).Where(static n => n.Length > 0).ToHashSet(StringComparer.Ordinal);

    // A detector version that is the campaign's own name is not an edition of it, unless there is nothing else.
    private static List<string> EditionsOf(string name, IEnumerable<PcsSample> samples)
    {
        List<string> editions = [.. samples.Select(static s => s.Edition).Distinct(StringComparer.Ordinal)
            .Where(e => e != name && DatasetName.Family(e) == name).Order(DetectedReleases.EditionOrder.Instance)];
        return editions.Count > 0 ? editions : [name];
    }
}
