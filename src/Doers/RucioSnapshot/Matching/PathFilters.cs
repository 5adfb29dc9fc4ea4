using System.Text.Json.Nodes;

namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>What a path says about the physics in it. A part that the path does not say is empty.</summary>
/// <param name="Beam">Beam energies, <c>18x275</c>.</param>
/// <param name="Physics">The process: NC, CC, DIS, SIDIS, DDIS, EXCLUSIVE, SINGLE or BACKGROUNDS.</param>
/// <param name="Q2">The range of Q² as the path writes it, <c>minQ2=10</c> or <c>q2_1to10</c>.</param>
/// <param name="Species">The particle of a SINGLE path.</param>
/// <param name="Energy">Its energy.</param>
/// <param name="Detector">The detector configuration.</param>
internal sealed record PathFilters(string Beam, string Physics, string Q2, string Species, string Energy, string Detector)
{
    /// <summary>Says nothing.</summary>
    public static PathFilters None { get; } = new("", "", "", "", "", "");

    /// <summary>True if it is enough to ask with: without beam and physics everything would match.</summary>
    public bool CanAsk => Beam.Length > 0 || Physics.Length > 0;

    /// <summary>Reads a task's own filters; what is no text counts as not said.</summary>
    public static PathFilters FromJson(JsonObject filters)
    {
        string Text(string name) => JsonText.Of(filters, name);
        return new(Text("beam"), Text("physics"), Text("q2"), Text("species"), Text("energy"), Text("detector"));
    }

    /// <summary>As entries show it.</summary>
    public JsonObject ToJson() => new()
    {
        ["beam"] = Beam,
        ["physics"] = Physics,
        ["q2"] = Q2,
        ["species"] = Species,
        ["energy"] = Energy,
        ["detector"] = Detector,
    };
}
