using System.Diagnostics;

namespace OpsAgent.Tests.DummyDoer;

/// <summary>Children of the dummy: .NET can't fork, a shell can.</summary>
internal static class Shell
{
    /// <summary>Runs a script to its end, with our own streams.</summary>
    public static void Run(string script)
    {
        using var shell = Start("/bin/sh", "-c", script);
        shell.WaitForExit();
    }

    /// <summary>Starts a program that shares our streams, session and environment.</summary>
    public static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })
        ?? throw new InvalidOperationException($"{program} was not started");
}
