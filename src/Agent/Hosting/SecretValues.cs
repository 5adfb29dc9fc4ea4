using OpsAgent.Agent.Control;
using OpsAgent.Agent.Redaction;
using OpsAgent.Capabilities.Credentials;

namespace OpsAgent.Agent.Hosting;

/// <summary>
/// The secrets whose values the agent itself knows: its own settings, what of its environment has a secret's name, and what it lends as a
/// value, whatever that is called.
/// </summary>
internal static class SecretValues
{
    private static readonly string[] Places = ["FILE", "PATH", "DIR", "FOLDER", "PLACE"];

    /// <summary>Takes them out of whatever is told, and what has a credential's shape with them.</summary>
    public static Redactor Redactor(Startup startup) => new(new KnownSecrets(Of(startup).Select(static s => s.Value)));

    /// <summary>The variables whose value is one plain word, which stands in innocent lines too, and is taken out of them.</summary>
    public static IEnumerable<string> PlainWords(Startup startup) =>
        Of(startup).Where(static s => s.Value.Trim() is { Length: >= KnownSecrets.Shortest } word && word.All(char.IsAsciiLetter))
            .Select(static s => s.Name).Distinct(StringComparer.Ordinal);

    private static IEnumerable<(string Name, string Value)> Of(Startup startup)
    {
        foreach (var value in startup.Settings.Values)
        {
            if (value.Setting.Secret)
            {
                yield return (value.Setting.Environment ?? value.Setting.Key, value.Text);
            }
        }

        var lent = Lent(startup);
        foreach (var (name, value) in startup.Environment)
        {
            if (lent.Contains(name) ? !IsCalledPlace(name) : SecretMask.IsSecret(name) && !IsPlace(name, value))
            {
                yield return (name, value);
            }
        }
    }

    private static HashSet<string> Lent(Startup startup) =>
    [
        .. (startup.Manifest?.Credentials ?? [])
            .Where(static c => c.Kind is CredentialKind.Value or CredentialKind.BearerToken).SelectMany(static c => c.Variables),
    ];

    /// <summary>Where a secret is, or is had from, is none. Base64 may begin with a slash too: a path is one that is called so, or is there.</summary>
    private static bool IsPlace(string name, string value) =>
        value.Contains("://", StringComparison.Ordinal)
        || ((value.StartsWith('/') || value.StartsWith('~')) && (IsCalledPlace(name) || Path.Exists(value)));

    private static bool IsCalledPlace(string name) =>
        Places.Any(place => name.EndsWith(place, StringComparison.OrdinalIgnoreCase));
}
