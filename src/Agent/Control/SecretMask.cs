namespace OpsAgent.Agent.Control;

/// <summary>Hides the values of configuration entries whose key names a secret.</summary>
internal static class SecretMask
{
    private static readonly string[] Words = ["password", "passcode", "passwd", "token", "secret", "credential", "private_key", "api_key"];

    /// <summary>The entry, its value replaced when its key names a secret and it has one.</summary>
    public static ConfigurationEntry Apply(ConfigurationEntry entry) =>
        entry.Value.Length > 0 && IsSecret(entry.Key)
            ? entry with { Value = "***" }
            : entry;

    /// <summary>True if a name is a secret's.</summary>
    public static bool IsSecret(string name) => Words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
