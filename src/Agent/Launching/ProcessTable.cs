using System.IO.Enumeration;

namespace OpsAgent.Agent.Launching;

/// <summary>All processes of this host that can be seen.</summary>
internal static class ProcessTable
{
    private static readonly EnumerationOptions Options = new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.None };

    /// <summary>Reads the table. Not a snapshot: what is started while it is read may be missing.</summary>
    /// <exception cref="IOException">It can't be read now, so nothing can be concluded.</exception>
    public static List<ProcStat> Read()
    {
        var all = new List<ProcStat>(128);
        var pids = new FileSystemEnumerable<int>("/proc", static (ref entry) => Pid(entry.FileName), Options)
        {
            ShouldIncludePredicate = static (ref entry) => Pid(entry.FileName) > 0,
        };
        foreach (var pid in pids)
        {
            if (ProcStat.TryRead(pid, out var stat))
            {
                all.Add(stat);
            }
        }

        return all;
    }

    private static int Pid(ReadOnlySpan<char> name) =>
        name[0] is >= '1' and <= '9' && int.TryParse(name, out var pid) ? pid : 0;
}
