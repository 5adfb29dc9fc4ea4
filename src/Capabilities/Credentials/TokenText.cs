using System.Buffers.Text;
using System.Text.Json;

namespace OpsAgent.Capabilities.Credentials;

/// <summary>Reads when a token ends. Its signature is the server's business.</summary>
internal static class TokenText
{
    private const long LastSecond = 253402300799; // the last one of the year 9999
    private const string NoToken = "holds no token with an end";

    /// <summary>The panda client's file: JSON with an <c>id_token</c> and perhaps a <c>refresh_token</c>, or the bare token.</summary>
    public static CredentialContent ReadFile(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith('{'))
        {
            return ReadBare(text);
        }

        try
        {
            using var file = JsonDocument.Parse(text);
            if (Member(file.RootElement, "id_token") is not { } token || EndOf(token) is not { } ends)
            {
                return CredentialContent.Garbled(NoToken);
            }

            var refresh = Member(file.RootElement, "refresh_token");
            return new CredentialContent(ends) { HasRefresh = refresh is not null, RefreshEnds = refresh is null ? null : EndOf(refresh) };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter: a text with half a surrogate pair, which no string can hold.
            return CredentialContent.Garbled(NoToken);
        }
    }

    /// <summary>A bare JSON web token.</summary>
    public static CredentialContent ReadBare(string text) =>
        EndOf(text.Trim()) is { } ends ? new CredentialContent(ends) : CredentialContent.Garbled(NoToken);

    private static string? Member(JsonElement file, string name) =>
        file.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    private static DateTimeOffset? EndOf(string token)
    {
        try
        {
            if (token.Split('.') is not [_, var claims, _])
            {
                return null;
            }

            using var body = JsonDocument.Parse(Base64Url.DecodeFromChars(claims));
            return body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("exp", out var exp)
                && exp.ValueKind == JsonValueKind.Number && exp.TryGetDouble(out var seconds) && seconds is >= 0 and <= LastSecond
                    ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
                    : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
