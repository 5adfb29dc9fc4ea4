using System.Text.Json;

namespace OpsAgent.Tests.Support.StompPy;

/// <summary>What stomp.py told its listener.</summary>
/// <param name="Kind">connected, message, receipt, error, heartbeat, heartbeat_timeout or disconnected.</param>
/// <param name="Headers">Of the frame; empty if there was none.</param>
/// <param name="Body">Of the frame, as text; empty if there was none.</param>
public sealed record StompPyEvent(string Kind, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>A header; empty if absent.</summary>
    public string this[string header] => Headers.GetValueOrDefault(header, "");

    internal static StompPyEvent Read(JsonElement line) => new(
        line.GetProperty("event").GetString()!,
        line.TryGetProperty("headers", out var headers) ? headers.EnumerateObject().ToDictionary(h => h.Name, h => h.Value.ToString()) : [],
        line.TryGetProperty("body", out var body) ? body.GetString() ?? "" : "");
}
