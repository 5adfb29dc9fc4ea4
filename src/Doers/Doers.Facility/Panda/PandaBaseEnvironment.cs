using System.Collections;

namespace OpsAgent.Doers.Facility.Panda;

/// <summary>What the panda client sees of a doer's environment: an allow-list, so that no token of another service is among it.</summary>
public static class PandaBaseEnvironment
{
    private const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";

    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "HOME", "USER", "LOGNAME", "SHELL", "TZ", "LANG", "TMPDIR", "PATH", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR",
        "OPSAGENT_MARK", // by it the agent finds what its doers have started
    };

    private static readonly string[] Prefixes = ["LC_", "PANDA_", "PATHENA_", "X509_"];

    /// <summary>Of this process.</summary>
    public static IReadOnlyDictionary<string, string> OfProcess() => Of(
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(e => KeyValuePair.Create((string)e.Key, (string?)e.Value ?? "")),
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify));

    /// <summary>Of variables; <paramref name="home"/> is the home folder if they have none.</summary>
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<KeyValuePair<string, string>> variables, string home)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in variables)
        {
            if (Names.Contains(name) || Array.Exists(Prefixes, p => name.StartsWith(p, StringComparison.Ordinal)))
            {
                all[name] = value;
            }
        }

        all.TryAdd("PATH", DefaultPath);
        all.TryAdd("HOME", home);
        return all;
    }
}
