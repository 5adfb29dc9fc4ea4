using System.Diagnostics;

namespace OpsAgent.Tests.Support;

/// <summary>Files of other users.</summary>
public static class FileOwner
{
    /// <summary>No user that tests run as: a number without a name.</summary>
    public const uint Other = 64_321;

    /// <summary>Makes it <see cref="Other"/>'s. False, and nothing is changed, for all but root: nobody else can give a file away.</summary>
    public static bool TryGiveAway(string path)
    {
        using var chown = Process.Start(new ProcessStartInfo("chown", ["--no-dereference", $"{Other}", path]) { RedirectStandardError = true })!;
        chown.StandardError.ReadToEnd();
        chown.WaitForExit();
        return chown.ExitCode == 0;
    }
}
