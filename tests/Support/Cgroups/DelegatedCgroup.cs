using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace OpsAgent.Tests.Support.Cgroups;

/// <summary>A cgroup of a test's own, delegated as systemd would; as root. What is left in it when the test is over is killed.</summary>
public sealed partial class DelegatedCgroup : IDisposable
{
    /// <param name="isDelegated">False: it only exists.</param>
    public DelegatedCgroup(bool isDelegated = true)
    {
        Folder = Directory.CreateDirectory(Path.Combine(Mount() ?? throw new InvalidOperationException(Missing()), $"opsagent-test-{Guid.NewGuid():N}"[..30])).FullName;
        if (isDelegated && setxattr(Folder, "user.delegate", "1"u8.ToArray(), 1, 0) != 0)
        {
            throw new IOException($"setxattr: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    /// <summary>The words that begin the command line of a program that is to run in it.</summary>
    public IReadOnlyList<string> Behind => ["/bin/sh", "-c", $"echo $$ >{Folder}/cgroup.procs; exec \"$@\"", "sh"];

    /// <summary>Those in it that a doer has.</summary>
    public IEnumerable<string> Doers => Directory.EnumerateDirectories(Folder, "doer-*");

    /// <summary>Why none can be made here; null if one can.</summary>
    public static string? Missing() =>
        !Environment.IsPrivilegedProcess ? "making a cgroup takes root"
            : Mount() is null ? "no cgroup v2 is mounted here that can be written"
            : null;

    /// <summary>Who is in one.</summary>
    public static IReadOnlyList<int> Pids(string cgroup) =>
        [.. File.ReadAllLines($"{cgroup}/cgroup.procs").Select(static l => int.Parse(l, CultureInfo.InvariantCulture))];

    /// <inheritdoc/>
    public void Dispose()
    {
        File.WriteAllText($"{Folder}/cgroup.kill", "1");
        Eventually.HoldsAsync(() => IsRemoved(Folder), $"{Folder} is empty").GetAwaiter().GetResult();
    }

    private static bool IsRemoved(string cgroup)
    {
        try
        {
            foreach (var inner in Directory.GetDirectories(cgroup))
            {
                IsRemoved(inner);
            }

            Directory.Delete(cgroup);
            return true;
        }
        catch (IOException)
        {
            return !Directory.Exists(cgroup);
        }
    }

    private static string? Mount() => File.ReadLines("/proc/mounts").Select(static l => l.Split(' '))
        .FirstOrDefault(static f => f[2] == "cgroup2" && f[3].Split(',').Contains("rw"))?[1];

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setxattr(string path, string name, byte[] value, nuint size, int flags);
}
