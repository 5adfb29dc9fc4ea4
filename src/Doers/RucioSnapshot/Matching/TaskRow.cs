using System.Text.Json.Nodes;

namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>A production task, as far as matching needs it.</summary>
/// <param name="Id">Its primary key.</param>
/// <param name="Name">The stored name, by which references name it.</param>
/// <param name="ComposedName">The name composed of its parts.</param>
/// <param name="IsPast">True for a row that only keeps a past output.</param>
/// <param name="Dataset">The dataset row that it is bound to.</param>
/// <param name="Overrides">Its overrides when it was listed.</param>
internal sealed record TaskRow(long Id, string Name, string ComposedName, bool IsPast, DatasetRow? Dataset, JsonObject Overrides)
{
    /// <summary>The status of rows that only keep a past output.</summary>
    public const string PastStatus = "past_output";

    /// <summary>What it asks for: its own filters if it has some, else what its input's path says.</summary>
    public PathFilters Request =>
        Overrides["csv_import"] is JsonObject import && import["filters"] is JsonObject { Count: > 0 } own
            ? PathFilters.FromJson(own)
            : Dataset is { } row ? PathReader.OfInput(row.Location, row.DetectorConfig) : PathFilters.None;

    /// <summary>True if it lists an output now.</summary>
    public bool HasOutputs => Overrides["outputs"] is JsonArray { Count: > 0 };
}
