using System.Text.Json;

namespace OpsAgent.Agent.Monitor;

/// <summary>Asks the monitor for an id. Each answer is a new one.</summary>
internal static class AgentIdQuestion
{
    /// <summary>The call, below the base URL.</summary>
    public const string Path = "/api/state/next-agent-id/";

    /// <summary>The reply, and the id in it; null if it holds none that can be used.</summary>
    public static async Task<(MonitorReply Reply, string? Id)> AskAsync(
        MonitorClient client, TimeSpan limit, CancellationToken cancellationToken)
    {
        var reply = await client.CallAsync(Path, [], limit, cancellationToken);
        return (reply, reply.IsDone ? IdIn(reply.Text) : null);
    }

    /// <summary>The id in an answer, a number or text; null if there is none that can be used.</summary>
    public static string? IdIn(string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("agent_id", out var id)
                && id.ValueKind is JsonValueKind.Number or JsonValueKind.String
                && AgentIdFile.IsValid(id.ToString())
                    ? id.ToString()
                    : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second: a name or string that is half of a surrogate pair, found only when it is looked at.
            return null;
        }
    }
}
