namespace OpsAgent.Capabilities.Credentials;

/// <summary>
/// Where WLCG's bearer token discovery finds a token: the first that is set counts, also when what it names is no good.
/// https://zenodo.org/records/3937438
/// </summary>
internal static class BearerTokenPlace
{
    public const string Value = "BEARER_TOKEN";
    public const string File = "BEARER_TOKEN_FILE";
    public const string RuntimeFolder = "XDG_RUNTIME_DIR";

    /// <summary>What a doer needs to find the same.</summary>
    public static readonly IReadOnlyList<string> Variables = [Value, File, RuntimeFolder];

    /// <summary>Its file, unless <see cref="Value"/> holds the token itself.</summary>
    public static string PathOf(IReadOnlyDictionary<string, string> environment, uint user)
    {
        if (environment.GetValueOrDefault(File) is { Length: > 0 } named)
        {
            return named;
        }

        var folder = environment.GetValueOrDefault(RuntimeFolder) is { Length: > 0 } own ? own : "/tmp";
        return Path.Combine(folder, $"bt_u{user}");
    }
}
