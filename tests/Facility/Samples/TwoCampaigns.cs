using System.Text.Json.Nodes;
using OpsAgent.Tests.Facility.Hosting;
using OpsAgent.Tests.Facility.Pcs;
using OpsAgent.Tests.Facility.Rucio;

namespace OpsAgent.Tests.Facility.Samples;

/// <summary>
/// Two campaigns, 26.02 current and 26.03 producing, whose tasks read inputs of one detector version. So the version tells nothing
/// of where a task belongs; the catalogue does.
/// </summary>
public static class TwoCampaigns
{
    /// <summary>The version that inputs of both campaigns have.</summary>
    public const string InputVersion = "26.01.0";

    /// <summary>A DIS task of 26.02, with one output in each stage.</summary>
    public const string Dis = "group.EIC.26.02.epic_craterlake.dis_nc_10x100";

    /// <summary>A task of 26.02 that keeps the past output <see cref="SingleDid"/>.</summary>
    public const string Single = "group.EIC.26.02.epic_craterlake.single_e";

    /// <summary>A task of 26.02 whose output is that one too, so it refers to it.</summary>
    public const string SingleAgain = "group.EIC.26.02.epic_craterlake.single_e_again";

    /// <summary>A task of 26.02 with no output.</summary>
    public const string Charged = "group.EIC.26.02.epic_craterlake.dis_cc_18x275";

    /// <summary>The DIS task of 26.03: it asks for the same as <see cref="Dis"/>.</summary>
    public const string OtherDis = "group.EIC.26.03.epic_craterlake.dis_nc_10x100";

    /// <summary>The dataset that <see cref="Single"/> owns.</summary>
    public const string SingleDid = "epic:/RECO/26.02.1/epic_craterlake/SINGLE/e-/5GeV/45to135deg";

    /// <summary>Fills the stand-in.</summary>
    public static void Fill(FacilityStandIn facility)
    {
        FillRucio(facility.Outputs);
        var current = new PcsCampaign("26.02", "current", IsTarget: true);
        var producing = new PcsCampaign("26.03", "last", IsTarget: true);
        facility.Campaigns.Campaigns.AddRange([current, producing]);
        Add(facility, current, Dis, "26.02.0", "/volatile/eic/EPIC/EVGEN/DIS/NC/10x100/minQ2=1");
        Add(facility, current, Charged, "26.02.0", "/volatile/eic/EPIC/EVGEN/DIS/CC/18x275/minQ2=100");
        Add(facility, current, Single, "26.02.1", SingleDid, "reco", """{"beam": "", "physics": "SINGLE", "species": "e-", "energy": "5GeV"}""");
        Add(facility, current, SingleAgain, "26.02.1", "/volatile/eic/EPIC/EVGEN/SINGLE/e-/5GeV/45to135deg");
        Add(facility, producing, OtherDis, "26.03.0", "/volatile/eic/EPIC/EVGEN/DIS/NC/10x100/minQ2=1");
    }

    private static void FillRucio(DatasetCatalog rucio)
    {
        rucio.Add(
            "/RECO/26.02.0/epic_craterlake/DIS/NC/10x100/minQ2=1", DatasetCatalog.Replica("BNL-XRD", 10), DatasetCatalog.Replica("EIC-XRD", 10, 7));
        rucio.Add("/FULL/26.02.0/epic_craterlake/DIS/NC/10x100/minQ2=1", DatasetCatalog.Replica("BNL-XRD", 10));
        rucio.Add("/RECO/26.02.1/epic_craterlake/SINGLE/e-/5GeV/45to135deg", DatasetCatalog.Replica("BNL-XRD", 4));
        rucio.Add("/RECO/26.02.1/epic_craterlake/SINGLE/pi+/5GeV", DatasetCatalog.Replica("BNL-XRD", 3, created: "Tue, 03 Feb 2026 13:00:00 UTC"));
        rucio.Add("/RECO/26.03.0/epic_craterlake/DIS/NC/10x100/minQ2=1", DatasetCatalog.Replica("EIC-XRD", 6));
    }

    private static void Add(
        FacilityStandIn facility, PcsCampaign campaign, string task, string edition, string location, string stage = "evgen", string? filters = null)
    {
        var row = facility.Campaigns.AddDataset($"{task}.in", location, stage, "epic_craterlake", InputVersion);
        campaign.Samples.Add((task, edition));
        facility.Pcs.Add(new PcsTask
        {
            Id = facility.Pcs.Tasks.Count + 1,
            Name = task,
            ComposedName = task,
            Dataset = row,
            DatasetName = $"{task}.in",
            Overrides = (JsonObject)JsonNode.Parse(
                filters is null ? """{"note": "kept"}""" : $$$"""{"note": "kept", "csv_import": {"filters": {{{filters}}}, "output": "old"}}""")!,
        });
    }
}
