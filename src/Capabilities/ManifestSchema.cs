using System.Text.Json.Nodes;
using OpsAgent.Capabilities.Keys;

namespace OpsAgent.Capabilities;

/// <summary>
/// The manifest's tables as a JSON Schema (draft 7), made of the keys that <see cref="ManifestReader"/> reads by. It refuses what has
/// the wrong shape: an unknown key, a wrong type, a missing key, a word or text of another form. What one part asks of another
/// (a lane that is not there, a variable that no field has) only the reader tells.
/// </summary>
public static class ManifestSchema
{
    /// <summary>A schema for each of the tables <c>lane</c>, <c>credential</c>, <c>capability</c> and <c>message</c>, by name; made anew at each call.</summary>
    public static IReadOnlyList<KeyValuePair<string, JsonObject>> Tables() =>
        [.. ManifestKeys.All.Select(static k => KeyValuePair.Create(k.Name, k.ToSchema()))];
}
