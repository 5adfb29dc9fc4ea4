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
            if ((SecretMask.IsSecret(name) || lent.Contains(name)) && !IsPlace(value))
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

    /// <summary>Where a secret is, or is had from, is none.</summary>
    private static bool IsPlace(string value) =>
        value.StartsWith('/') || value.StartsWith('~') || value.Contains("://", StringComparison.Ordinal);
}
