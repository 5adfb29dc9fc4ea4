using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace OpsAgent.OpsCtl.Doctor.Credentials;

/// <summary>
/// The panda client's token file: JSON with an <c>id_token</c>, or the bare token. Its signature is the server's business.
/// </summary>
/// <param name="Ends">When it ends.</param>
/// <param name="IsRenewable">True if the client can get a new one by itself.</param>
internal sealed record PandaToken(DateTimeOffset Ends, bool IsRenewable)
{
    private const long LastSecond = 253402300799; // the last one of the year 9999

    /// <summary>Reads it; null if it is none. Why is not said: that would tell its content.</summary>
    public static PandaToken? TryParse(string text)
    {
        try
        {
            text = text.Trim();
            if (!text.StartsWith('{'))
            {
                return EndOf(text) is { } end ? new PandaToken(end, IsRenewable: false) : null;
            }

            using var file = JsonDocument.Parse(text);
            return file.RootElement.TryGetProperty("id_token", out var token) && token.ValueKind == JsonValueKind.String
                && EndOf(token.GetString()!) is { } ends
                    ? new PandaToken(ends, Has(file.RootElement, "refresh_token"))
                    : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool Has(JsonElement file, string name) =>
        file.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString()!.Length > 0;

    private static DateTimeOffset? EndOf(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
        {
            return null;
        }

        using var claims = JsonDocument.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])));
        return claims.RootElement.ValueKind == JsonValueKind.Object && claims.RootElement.TryGetProperty("exp", out var exp)
            && exp.ValueKind == JsonValueKind.Number && exp.GetDouble() is >= 0 and <= LastSecond and var seconds
                ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
                : null;
    }
}
