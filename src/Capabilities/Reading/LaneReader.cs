using OpsAgent.Abstractions;
using OpsAgent.Capabilities.Keys;
using OpsAgent.Toml;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Reads <c>[lane.NAME]</c>.</summary>
internal static class LaneReader
{
    public static IReadOnlyList<LaneDefinition> Read(TomlTable root, Problems problems)
    {
        var lanes = new List<LaneDefinition>();
        foreach (var table in TableReader.Tables(root, ManifestKeys.Lane, problems))
        {
            if (table.Number(LaneKeys.Slots) is { } slots)
            {
                lanes.Add(new LaneDefinition(new LaneName(table.Name), (int)slots));
            }

            table.RefuseOthers();
        }

        return lanes;
    }
}
