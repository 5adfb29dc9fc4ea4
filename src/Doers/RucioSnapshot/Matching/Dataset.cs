using System.Text.Json;

namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>One dataset of a snapshot.</summary>
/// <param name="Did">Its DID, <c>epic:/RECO/...</c>.</param>
/// <param name="Stage">RECO or FULL: the stage of the path that it was found under.</param>
/// <param name="Length">Rucio's number of files, usually null.</param>
/// <param name="Bytes">Rucio's size, usually null.</param>
/// <param name="Replicas">The replicas as Rucio gave them; what is no object is left out.</param>
internal sealed record Dataset(string Did, string Stage, long? Length, long? Bytes, IReadOnlyList<JsonElement> Replicas)
{
    /// <summary>A number in an object of Rucio's, which may be missing, null or no whole number: then 0.</summary>
    public static long Number(JsonElement replica, string name) =>
        replica.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : 0;

    /// <summary>A text in an object of Rucio's; empty if it is missing or no text.</summary>
    public static string Text(JsonElement replica, string name) =>
        replica.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
