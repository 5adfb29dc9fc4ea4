using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace OpsAgent.Agent.Control;

/// <summary>What an operator has found out of a request in doubt: the body of a settle, since an address has no room for it.</summary>
/// <param name="Result">What its doer would have printed; null: nothing.</param>
/// <param name="Reason">How it is known; null: it is not said.</param>
internal sealed record DoorFinding(string? Result = null, string? Reason = null)
{
    /// <summary>Reads the body; an empty one finds nothing. Null if it can't be read.</summary>
    public static async Task<DoorFinding?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, cancellationToken);
            return body.Length == 0
                ? new DoorFinding()
                : JsonSerializer.Deserialize(body.GetBuffer().AsSpan(0, (int)body.Length), DoorJson.Default.DoorFinding);
        }
        catch (Exception e) when (e is JsonException or BadHttpRequestException)
        {
            return null;
        }
    }
}
