using System.Text;

namespace OpsAgent.Tests.Chaos;

/// <summary>Looks at /proc in the test's own way, so that the code under test is not its own witness.</summary>
internal static class Leftovers
{
    /// <summary>Living processes that have a number beginning so among their arguments or in their environment, with all of that number.</summary>
    public static IReadOnlyList<(string Number, string Process)> Of(string beginning)
    {
        var found = new List<(string, string)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid) || pid == Environment.ProcessId)
            {
                continue;
            }

            var arguments = Read(pid, "cmdline");
            if ((NumberIn(arguments, beginning) ?? NumberIn(Read(pid, "environ"), beginning)) is { } number)
            {
                found.Add((number, $"{pid} {arguments.Replace('\0', ' ')}"));
            }
        }

        return found;
    }

    private static string? NumberIn(string text, string beginning)
    {
        var at = text.IndexOf(beginning, StringComparison.Ordinal);
        return at < 0 ? null : string.Concat(text.Skip(at).TakeWhile(char.IsAsciiDigit));
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
