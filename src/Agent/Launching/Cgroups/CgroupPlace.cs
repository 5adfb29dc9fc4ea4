namespace OpsAgent.Agent.Launching.Cgroups;

/// <summary>Where a process's cgroup (version 2) is found as a folder; on a host that has version 1 too, beneath another mount.</summary>
internal static class CgroupPlace
{
    /// <summary>The folder; null if the process is gone, has none, or none is mounted here.</summary>
    /// <param name="pid">The process.</param>
    /// <exception cref="UnauthorizedAccessException">It may not be asked.</exception>
    public static string? OfProcess(int pid)
    {
        try
        {
            return Of(File.ReadAllText($"/proc/{pid}/cgroup"), File.ReadAllText("/proc/self/mountinfo"));
        }
        catch (IOException)
        {
            // It is gone, or the kernel has no cgroups.
            return null;
        }
    }

    /// <summary>The folder of what <c>/proc/PID/cgroup</c> and <c>/proc/self/mountinfo</c> say (cgroups(7), proc(5)).</summary>
    public static string? Of(string membership, string mounts)
    {
        const string Unified = "0::";
        var line = membership.Split('\n').FirstOrDefault(static l => l.StartsWith(Unified, StringComparison.Ordinal));
        if (line is null)
        {
            return null;
        }

        var path = line[Unified.Length..];
        (string Root, string Point)? best = null;
        foreach (var mount in mounts.Split('\n'))
        {
            // 41 31 0:38 ROOT POINT options - cgroup2 ...: a part of the tree may be mounted over the whole, writable over read-only.
            var fields = mount.Split(' ');
            var hyphen = Array.IndexOf(fields, "-");
            if (hyphen > 5 && hyphen + 1 < fields.Length && fields[hyphen + 1] == "cgroup2" && IsWithin(path, fields[3])
                && !(best?.Root.Length > fields[3].Length))
            {
                best = (fields[3], fields[4]);
            }
        }

        return best is { } found ? $"{Plain(found.Point)}/{path[found.Root.Length..].TrimStart('/')}".TrimEnd('/') : null;
    }

    private static bool IsWithin(string path, string root) =>
        root == "/" || path == root || path.StartsWith($"{root}/", StringComparison.Ordinal);

    // Blanks and their like are written as octal numbers.
    private static string Plain(string text) =>
        text.Replace(@"\040", " ", StringComparison.Ordinal).Replace(@"\011", "\t", StringComparison.Ordinal).Replace(@"\134", @"\", StringComparison.Ordinal);
}
