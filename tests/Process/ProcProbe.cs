using System.Text;

namespace OpsAgent.Tests.Process;

/// <summary>Looks at /proc in the test's own way, so that the code under test is not its own witness.</summary>
internal static class ProcProbe
{
    /// <summary>Living processes whose environment holds a text, or that are in a session.</summary>
    public static List<int> Living(string environmentText, int session = 0)
    {
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var pid) && pid != Environment.ProcessId && Stat(pid) is { } stat
                && stat.State is not ('Z' or 'X')
                && ((session != 0 && stat.Session == session) || EnvironmentOf(pid).Contains(environmentText, StringComparison.Ordinal)))
            {
                found.Add(pid);
            }
        }

        return found;
    }

    /// <summary>State, parent, session and start time; null if there is no such process.</summary>
    public static (char State, int Parent, int Session, long Start)? Stat(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], int.Parse(fields[1]), int.Parse(fields[3]), long.Parse(fields[19]));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended while it was looked at.
            return null;
        }
    }

    /// <summary>True if it exists and is more than a zombie.</summary>
    public static bool IsAlive(int pid) => Stat(pid) is { State: not ('Z' or 'X') };

    /// <summary>Zombies among our own children that lead or are in a session other than ours.</summary>
    public static List<int> ForeignZombies()
    {
        var own = Stat(Environment.ProcessId)!.Value.Session;
        return [.. Directory.EnumerateDirectories("/proc")
            .Select(static folder => int.TryParse(Path.GetFileName(folder), out var pid) ? pid : 0)
            .Where(pid => pid > 0 && Stat(pid) is { State: 'Z' } stat && stat.Parent == Environment.ProcessId && stat.Session != own)];
    }

    private static string EnvironmentOf(int pid)
    {
        try
        {
            return Encoding.Latin1.GetString(File.ReadAllBytes($"/proc/{pid}/environ"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
