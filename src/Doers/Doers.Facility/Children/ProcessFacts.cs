using System.Globalization;

namespace OpsAgent.Doers.Facility.Children;

/// <summary>What <c>/proc/PID/stat</c> says of a process. Pid and start time together name it for good, until the next boot.</summary>
/// <param name="Pid">The pid.</param>
/// <param name="State">R, S, D, Z and so on.</param>
/// <param name="Parent">The parent's pid.</param>
/// <param name="Session">The session.</param>
/// <param name="StartTime">Clock ticks since boot.</param>
public sealed record ProcessFacts(int Pid, char State, int Parent, int Session, long StartTime)
{
    /// <summary>This boot's id; empty if the system does not say.</summary>
    public static string BootId { get; } = ReadBootId();

    /// <summary>True while it can still do something.</summary>
    public bool IsLiving => State is not ('Z' or 'X' or 'x');

    /// <summary>Of a process; null if there is none of that pid.</summary>
    public static ProcessFacts? Of(int pid)
    {
        try
        {
            return Parse(pid, File.ReadAllText($"/proc/{pid}/stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>All that there are now.</summary>
    public static IReadOnlyList<ProcessFacts> All() =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) ? Of(pid) : null)
            .OfType<ProcessFacts>()];

    // The name in field 2 may hold anything, parentheses and blanks included.
    private static ProcessFacts? Parse(int pid, string stat)
    {
        var close = stat.LastIndexOf(')');
        var fields = close < 0 ? [] : stat[(close + 2)..].Split(' ');
        return fields.Length > 19
            ? new ProcessFacts(pid, fields[0][0], Number(fields[1]), Number(fields[3]), long.Parse(fields[19], CultureInfo.InvariantCulture))
            : null;
    }

    private static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);

    private static string ReadBootId()
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
