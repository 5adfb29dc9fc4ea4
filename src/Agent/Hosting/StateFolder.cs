namespace OpsAgent.Agent.Hosting;

/// <summary>Where the agent keeps its ledger, lock, control socket and work folders: for its own user only.</summary>
internal static class StateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Named, not looked at: before its first start the user of a service may have no home yet.
    private static string UserHome =>
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);

    /// <summary>Systemd's <c>STATE_DIRECTORY</c> (its first), else below the user's state home.</summary>
    public static (string Text, string Origin) WhenUnset(IReadOnlyDictionary<string, string> environment)
    {
        if (environment.GetValueOrDefault("STATE_DIRECTORY") is { Length: > 0 } systemd)
        {
            return (systemd.Split(':')[0], "environment STATE_DIRECTORY");
        }

        var home = environment.GetValueOrDefault("XDG_STATE_HOME") is { Length: > 0 } xdg && Path.IsPathFullyQualified(xdg)
            ? xdg
            : Path.Combine(UserHome, ".local", "state");
        return (Path.Combine(home, "opsagent"), "default");
    }

    /// <summary>Makes it, 0700. An existing one is left as it is, so that an operators' group may be let in.</summary>
    public static void Create(string folder) => Directory.CreateDirectory(folder, OwnerOnly);
}
