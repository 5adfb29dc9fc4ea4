using System.Text;

namespace OpsAgent.Tests.Chaos;

/// <summary>Looks at /proc in the test's own way, so that the code under test is not its own witness.</summary>
internal static class Leftovers
{
    /// <summary>Living processes whose arguments or environment hold one of these texts.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyCollection<string> texts)
    {
        var found = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid) || pid == Environment.ProcessId)
            {
                continue;
            }

            var (arguments, environment) = (Read(pid, "cmdline"), Read(pid, "environ"));
            if (texts.Any(t => arguments.Contains(t, StringComparison.Ordinal) || environment.Contains(t, StringComparison.Ordinal)))
            {
                found.Add($"{pid} {arguments.Replace('\0', ' ')}");
            }
        }

        return found;
    }

    private static string Read(int pid, string file)
    {
        try
        {
            return Encoding.Latin1.GetString(File.ReadAllBytes($"/proc/{pid}/{file}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended while it was looked at.
            return "";
        }
    }
}
