using System.Text.Json;

namespace OpsAgent.Tests.Support.StompPy;

/// <summary>A message as stomp.py saw it.</summary>
/// <param name="Destination">Its destination header.</param>
/// <param name="Headers">All headers.</param>
/// <param name="Body">The body, parsed.</param>
public sealed record StompPyMessage(string Destination, IReadOnlyDictionary<string, string> Headers, JsonElement Body)
{
    /// <summary>A field of the body as text; empty if absent.</summary>
    public string this[string field] => Body.TryGetProperty(field, out var value) ? value.ToString() : "";

    internal static StompPyMessage Read(JsonElement line) => new(
        line.GetProperty("destination").GetString()!,
        line.GetProperty("headers").EnumerateObject().ToDictionary(h => h.Name, h => h.Value.ToString()),
        JsonDocument.Parse(line.GetProperty("body").GetString()!).RootElement);
}
