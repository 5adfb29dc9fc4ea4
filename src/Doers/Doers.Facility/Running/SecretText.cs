using System.Buffers;
using System.Collections;
using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace OpsAgent.Doers.Facility;

/// <summary>
/// Takes credentials out of a text: the values of variables with a secret's name, and what has a credential's shape. What other
/// programs print, and what services answer, may hold them.
/// </summary>
internal static partial class SecretText
{
    /// <summary>What stands in a credential's place.</summary>
    public const string Mark = "[redacted]";

    private const int Shortest = 8;
    private const string KeyBegin = "PRIVATE KEY-----";

    private static readonly string[] SecretNames =
        ["PASSWORD", "PASSCODE", "PASSWD", "TOKEN", "SECRET", "CREDENTIAL", "PRIVATE_KEY", "API_KEY"];

    private static readonly string[] Places = ["FILE", "PATH", "DIR", "FOLDER", "PLACE"];

    // Nearly every line has none of these, and pays for nothing else.
    private static readonly SearchValues<string> Hints = SearchValues.Create(
        ["eyJ", "bearer", "authorization", "passw", "passcode", "passphrase", "token", "secret", "authz", "cookie", "api_key", KeyBegin],
        StringComparison.OrdinalIgnoreCase);

    private static readonly ConcurrentDictionary<string, bool> Given = new(StringComparer.Ordinal);
    private static readonly Lazy<string[]> Known = new(static () => [.. OfEnvironment().OrderByDescending(static v => v.Length)]);

    /// <summary>A value to take out from now on: one that a service has given out, and may tell again.</summary>
    public static void Know(string value)
    {
        if (value.Length >= Shortest)
        {
            Given.TryAdd(value, true);
        }
    }

    /// <summary>True if a private key begins in it and does not end.</summary>
    public static bool OpensKey(string text) =>
        text.LastIndexOf(KeyBegin, StringComparison.OrdinalIgnoreCase) is var at and >= 0
        && text.AsSpan(at).IndexOf("-----END", StringComparison.OrdinalIgnoreCase) < 0
        && text.AsSpan(0, at).IndexOf("-----BEGIN", StringComparison.OrdinalIgnoreCase) >= 0;

    /// <summary><paramref name="text"/> without them.</summary>
    public static string In(string text)
    {
        foreach (var value in Known.Value.Concat(Given.Keys))
        {
            text = text.Replace(value, Mark, StringComparison.Ordinal);
        }

        return text.AsSpan().ContainsAny(Hints) ? Shapes().Replace(text, static m => m.Groups["kept"].Value + Mark) : text;
    }

    /// <summary>True if a variable of that name holds a secret.</summary>
    public static bool IsSecretName(string name) => SecretNames.Any(n => name.Contains(n, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> OfEnvironment()
    {
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            if (entry is { Key: string name, Value: string { Length: >= Shortest } value } && IsSecretName(name) && !IsPlace(name, value))
            {
                yield return value;
            }
        }
    }

    // Base64 may begin with a slash too: a path is one that is called so, or is there.
    private static bool IsPlace(string name, string value) =>
        value.Contains("://", StringComparison.Ordinal)
        || (value[0] is '/' or '~' && (Places.Any(place => name.EndsWith(place, StringComparison.OrdinalIgnoreCase)) || Path.Exists(value)));

    // Never more than once over the text: this engine does not go back.
    [GeneratedRegex(
        """
        eyJ[A-Za-z0-9_\-.~+/=]{16,}
        |-----BEGIN\ [A-Z ]*PRIVATE\ KEY-----.*?(-----END\ [A-Z ]*-----|$)
        |(?<kept>\bBearer(\s+|%20)(?:realm=)?)[A-Za-z0-9_\-.~+/=%]*[0-9_\-.~+/%][A-Za-z0-9_\-.~+/=%]*
        |(?<kept>\b(Authorization|X-Rucio-Auth-Token|X-Rucio-Password|X-Auth-Token|X-Api-Key|(Set-)?Cookie)\\*["']?\s*[:=]\s*)(\\*"[^"]*|\\*'[^']*|[^"'\s].*)
        |(?<kept>(passcode|password|passwd|passphrase|authz|(access|id|refresh|auth)_token|api_?key|client_secret)\\*["']?\s*[:=]\s*\\*["']?)[^\s"'&`]+
        |(?<kept>(token|secret)(=|\\*["']\s*[:=]\s*\\*["']?))[^\s"'&`]+
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Shapes();
}
