using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace OpsAgent.Agent.Hosting;

/// <summary>
/// Until when a credential's text is good: a chain of certificates in PEM, or an OIDC token. Nothing else of it is kept.
/// </summary>
internal static class CredentialEnd
{
    private const long LastSecond = 253402300799; // the last one of the year 9999

    /// <summary>The first end in it; null if it is neither.</summary>
    public static DateTimeOffset? Of(string text)
    {
        try
        {
            return text.Contains("-----BEGIN ", StringComparison.Ordinal) ? OfChain(text) : OfToken(text.Trim());
        }
        catch (Exception e) when (e is CryptographicException or JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static DateTimeOffset? OfChain(string text)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(text);
        DateTimeOffset? first = null;
        foreach (var certificate in chain)
        {
            using (certificate)
            {
                var end = new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);
                first = first is null || end < first ? end : first;
            }
        }

        return first;
    }

    private static DateTimeOffset? OfToken(string text)
    {
        if (text.StartsWith('{'))
        {
            using var file = JsonDocument.Parse(text);
            text = file.RootElement.TryGetProperty("id_token", out var token) ? token.GetString() ?? "" : "";
        }

        if (text.Split('.') is not [_, var claims, _])
        {
            return null;
        }

        using var body = JsonDocument.Parse(Base64Url.DecodeFromChars(claims));
        return body.RootElement.TryGetProperty("exp", out var exp) && exp.GetDouble() is >= 0 and <= LastSecond and var seconds
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;
    }
}
