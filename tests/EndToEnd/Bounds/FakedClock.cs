using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.EndToEnd.Bounds;

/// <summary>The wall clock of one program, set while it runs; what measures time, and so its timers, is the machine's.</summary>
internal sealed class FakedClock
{
    // The one for programs with threads: in the other, threads that read the file while it changes may keep the old time for good.
    private const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

    private readonly string _file;

    public FakedClock(TemporaryFolder folder)
    {
        _file = folder.At("clock");
        Set("+0");
    }

    /// <summary>Why it can't be used here; null if it can.</summary>
    public static string? Missing => ServersHere.Missing("faketime") ?? (File.Exists(Library) ? null : $"there is no {Library}");

    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Library,
        ["FAKETIME_TIMESTAMP_FILE"] = _file,
        ["FAKETIME_NO_CACHE"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        // Without it each wait that has a limit, which the runtime measures by the machine's clock, is over at once, and its threads spin.
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
    };

    /// <summary>By so much from the true time: <c>+3600</c> seconds.</summary>
    public void Set(string offset)
    {
        var next = _file + ".next";
        File.WriteAllText(next, offset);
        File.Move(next, _file, overwrite: true);
    }
}

/// <summary>A test that sets a program's clock.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClockFactAttribute : Xunit.FactAttribute
{
    public ClockFactAttribute() => Skip = ServersHere.Missing("activemq") ?? FakedClock.Missing;
}
