using System.Collections;

namespace OpsAgent.Tests.DummyDoer;

/// <summary>Commands that print how they were started.</summary>
internal static class Facts
{
    public static int Environment()
    {
        foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            Console.Out.WriteLine($"{entry.Key}={entry.Value}");
        }

        return 0;
    }

    /// <summary>
    /// What a child of ours inherits: the runtime closes its own descriptors on exec, what we were given it does not. The shell's
    /// own descriptor for reading the folder is gone again when the links are asked.
    /// </summary>
    public static int Descriptors()
    {
        Shell.Run("for f in /proc/$$/fd/*; do [ -L $f ] && echo \"${f##*/} $(readlink $f)\"; done");
        return 0;
    }

    public static int Signals()
    {
        foreach (var line in File.ReadLines("/proc/self/status").Where(static l => l.StartsWith("Sig", StringComparison.Ordinal)))
        {
            Console.Out.WriteLine(line);
        }

        return 0;
    }

    /// <summary>pid, process group, session and working directory.</summary>
    public static int Where()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        Console.Out.WriteLine($"{System.Environment.ProcessId} {fields[2]} {fields[3]} {Directory.GetCurrentDirectory()}");
        return 0;
    }
}
