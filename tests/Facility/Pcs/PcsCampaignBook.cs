using System.Text.Json.Nodes;

namespace OpsAgent.Tests.Facility.Pcs;

/// <summary>The stand-in PCS's campaigns and dataset rows.</summary>
public sealed class PcsCampaignBook
{
    /// <summary>The campaigns, in order.</summary>
    public List<PcsCampaign> Campaigns { get; } = [];

    /// <summary>The dataset rows, as REST shows them.</summary>
    public List<JsonObject> Datasets { get; } = [];

    /// <summary>Adds a dataset row; its key is its place, from 1.</summary>
    public int AddDataset(string name, string location, string stage, string detectorConfig, string detectorVersion)
    {
        var id = Datasets.Count + 1;
        Datasets.Add(new JsonObject
        {
            ["id"] = id,
            ["dataset_name"] = name,
            ["scope"] = "group.EIC",
            ["detector_version"] = detectorVersion,
            ["detector_config"] = detectorConfig,
            ["did"] = $"group.EIC:{name}",
            ["stage"] = stage,
            ["source_kind"] = "csv",
            ["source_location"] = location,
            ["metadata"] = new JsonObject
            {
                ["source"] = new JsonObject { ["kind"] = "csv", ["location"] = location },
                ["stage"] = stage,
            },
        });
        return id;
    }
}
