using OpsAgent.Abstractions;
using OpsAgent.Toml;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Reads <c>[lane.NAME]</c>.</summary>
internal static class LaneReader
{
    private const int MostSlots = 256;

    public static IReadOnlyList<LaneDefinition> Read(TomlTable root, Problems problems)
    {
        var lanes = new List<LaneDefinition>();
        foreach (var table in TableReader.Tables(root, "lane", problems))
        {
            if (table.Number("slots", 1, MostSlots, required: true) is { } slots)
            {
                lanes.Add(new LaneDefinition(new LaneName(table.Name), (int)slots));
            }

            table.RefuseOthers();
        }

        return lanes;
    }
}
