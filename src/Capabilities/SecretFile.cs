namespace OpsAgent.Capabilities;

/// <summary>Files that hold secrets of the agent's own: the environment file, the broker's key.</summary>
public static class SecretFile
{
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>True if every user of the host may read or write it; false also for one that is not there or can't be looked at.</summary>
    /// <param name="path">The file; a link is followed.</param>
    public static bool IsOpenToAll(string path) =>
        !OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & Others) != 0;
}
