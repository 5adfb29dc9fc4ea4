using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OpsAgent.Build;

/// <summary>Programs that this one starts and ends.</summary>
internal static class Child
{
    public const string Mark = "OPSAGENT_TEST_RUN";

    /// <summary>Runs a program in the root folder; ended with all it started when the limit is reached.</summary>
    public static int Run(
        string program, string[] arguments, IReadOnlyDictionary<string, string>? environment = null, TimeSpan? limit = null)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Places.Root };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => EndTree(process));
        if (process.WaitForExit(limit ?? Timeout.InfiniteTimeSpan))
        {
            return process.ExitCode;
        }

        Console.WriteLine($"{program} {arguments[0]}: ended after {limit}");
        process.Kill(entireProcessTree: true);
        return 124;
    }

    private static void EndTree(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // The signal came while it ended: a handler under way is not waited for, and what it holds may be let go of already.
        }
    }

    /// <summary>Runs a program for what it prints.</summary>
    public static (int Code, string Output) Read(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    /// <summary>Ends what was left running, and counts it: it carries the mark of this run in its environment.</summary>
    public static int EndMarked(string mark, string kind)
    {
        var left = Process.GetProcesses().Where(process => IsMarked(process.Id, mark)).ToList();
        foreach (var process in left)
        {
            Console.WriteLine($"{kind}: left running, ended now: {process.Id} {process.ProcessName}");
            process.Kill();
        }

        return left.Count;
    }

    private static bool IsMarked(int pid, string mark)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ").Contains($"{Mark}={mark}", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false; // ended meanwhile, another user's, or no Linux
        }
    }
}
