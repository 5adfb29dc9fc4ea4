namespace OpsAgent.Agent.Launching.Cgroups;

/// <summary>The agent's own cgroup, if it was given to it to make others beneath. In one that belongs to somebody else none is made.</summary>
/// <param name="Folder">Where it is; null: none is used.</param>
/// <param name="Why">Why none is used.</param>
internal sealed record OwnCgroup(string? Folder, string Why)
{
    // systemd runs what stops and reloads a unit in a cgroup of this name, beneath the unit's.
    private const string Control = ".control";

    /// <summary>Looks where this process is.</summary>
    public static OwnCgroup Find()
    {
        try
        {
            return CgroupPlace.OfProcess(Environment.ProcessId) is not { } folder ? new OwnCgroup(null, "no cgroup v2 is mounted here that this process is in")
                : Of(Path.GetFileName(folder) == Control ? Path.GetDirectoryName(folder)! : folder);
        }
        catch (UnauthorizedAccessException e)
        {
            return new OwnCgroup(null, e.Message);
        }
    }

    /// <summary>Judges a cgroup.</summary>
    /// <param name="folder">Where it is.</param>
    public static OwnCgroup Of(string folder) =>
        !File.Exists($"{folder}/cgroup.kill") ? new OwnCgroup(null, $"{folder} has no cgroup.kill: it is the topmost, or Linux is older than 5.14")
            : !IsWritable(folder) || !IsWritable($"{folder}/cgroup.procs") ? new OwnCgroup(null, $"{folder} is not delegated: it can't be written")
            : Environment.IsPrivilegedProcess && !IsMarked(folder) ? new OwnCgroup(null, $"{folder} is not delegated: the unit has no Delegate=")
            : new OwnCgroup(folder, "");

    // systemd says so of what it has delegated. Another user than root may write there because somebody has given it to him.
    private static unsafe bool IsMarked(string folder)
    {
        using var texts = new NativeVector([folder, "user.delegate", "trusted.delegate"]);
        byte value;
        return (Native.GetAttribute(texts[0], texts[1], &value, 1) == 1 && value == (byte)'1')
            || (Native.GetAttribute(texts[0], texts[2], &value, 1) == 1 && value == (byte)'1');
    }

    private static unsafe bool IsWritable(string path)
    {
        using var text = new NativeVector([path]);
        return Native.Access(text[0], Native.AccessWrite) == 0;
    }
}
