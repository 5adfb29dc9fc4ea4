using System.Net;
using OpsAgent.Doers.Facility;

namespace OpsAgent.OpsCtl.Doctor.Http;

/// <summary>Reads services' addresses and tokens, and finds what would send a token in the clear.</summary>
internal static class ServiceAddress
{
    /// <summary>The base URL without its last slash; null after adding why there is none to speak to.</summary>
    public static Uri? Of(string variable, string subject, DoerEnvironment environment, Findings findings)
    {
        if (environment.Value(variable) is not { } text)
        {
            findings.Fail(subject, $"{variable} is not set", $"set {variable} to the application's address, like https://HOST/swf-monitor");
            return null;
        }

        if (!Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
            || url is not { Query: "", Fragment: "", UserInfo: "" })
        {
            findings.Fail(subject, $"{variable} is no address: '{OneLine.Of(text, 100)}'", "write it like https://HOST/swf-monitor");
            return null;
        }

        if (url.Scheme == "http" && !IsLoopback(url) && environment.Value("OPSAGENT_ALLOW_PLAINTEXT") != url.Host)
        {
            findings.Fail(subject, $"{variable} would send the token to {url.Host} in the clear", "set an https address");
            return null;
        }

        return url;
    }

    /// <summary>A token that a header can hold; null after adding why there is none.</summary>
    public static string? Token(IReadOnlyList<string> variables, DoerEnvironment environment, Findings findings)
    {
        var names = string.Join(" or ", variables);
        if (variables.Select(environment.Value).FirstOrDefault(static v => v is not null) is not { } token)
        {
            findings.Fail("token", $"{names} is not set", $"set {names} to a token that the monitor's administrator gives out");
            return null;
        }

        if (token.All(static c => c is > ' ' and <= '~'))
        {
            return token;
        }

        findings.Fail("token", $"{names} has characters that no header may hold", "take the token without blanks and quotes");
        return null;
    }

    /// <summary>A call below a base.</summary>
    public static Uri Call(Uri root, string path) => new($"{root.AbsoluteUri.TrimEnd('/')}/{path}");

    private static bool IsLoopback(Uri url) =>
        url.Host == "localhost" || (IPAddress.TryParse(url.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));
}
