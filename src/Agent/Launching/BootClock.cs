using System.Globalization;

namespace OpsAgent.Agent.Launching;

/// <summary>This boot of the host, and start times within it.</summary>
internal static class BootClock
{
    private const int ClockTicksName = 2;

    private static readonly long TicksPerSecond = Native.SysConf(ClockTicksName);

    /// <summary>The kernel's id of this boot: a pid recorded under another one means nothing.</summary>
    public static string Id { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>How long ago a process with that start time was started; zero if it was just now.</summary>
    public static TimeSpan Since(long startTime)
    {
        var text = File.ReadAllText("/proc/uptime");
        var uptime = double.Parse(text.AsSpan(0, text.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
        var age = uptime - ((double)startTime / TicksPerSecond);
        return TimeSpan.FromSeconds(Math.Max(0, age));
    }
}
