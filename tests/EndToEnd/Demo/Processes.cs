using System.Globalization;

namespace OpsAgent.Tests.EndToEnd.Demo;

/// <summary>What /proc tells of the processes that this user may look at.</summary>
internal static class Processes
{
    /// <summary>Those that were started with a <c>NAME=value</c> in their environment that begins so.</summary>
    public static IEnumerable<int> WithEnvironment(string entry) =>
        from path in Directory.EnumerateDirectories("/proc")
        let name = Path.GetFileName(path)
        where name.All(char.IsAsciiDigit)
        let pid = int.Parse(name, CultureInfo.InvariantCulture)
        where Read(pid, "environ").Split('\0').Any(e => e.StartsWith(entry, StringComparison.Ordinal))
        select pid;

    public static string CommandLine(int pid) => Read(pid, "cmdline").Replace('\0', ' ');

    /// <summary>The process that started it.</summary>
    public static int Parent(int pid)
    {
        var stat = Read(pid, "stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return ""; // ended meanwhile, or another user's
        }
    }
}
