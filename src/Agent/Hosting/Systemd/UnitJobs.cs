using System.Text;
using Microsoft.Win32.SafeHandles;
using OpsAgent.Agent.Launching;

namespace OpsAgent.Agent.Hosting.Systemd;

/// <summary>Asks systemd which jobs a unit has.</summary>
internal static class UnitJobs
{
    private const string Systemctl = "/usr/bin/systemctl";
    private const int Longest = 64 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What <c>systemctl list-jobs</c> prints of it; empty if there is none or nobody answers.</summary>
    public static async Task<string> OfAsync(string unit)
    {
        var answer = Spawner.Start(new SpawnOrder(
            Systemctl,
            [Systemctl, "list-jobs", "--no-legend", "--plain", "--no-pager", "--", unit],
            ["PATH=/usr/bin:/bin", "LANG=C.UTF-8"],
            Folder: "/",
            Files: null));
        if (answer.Error != 0)
        {
            return "";
        }

        using var errors = new SafeFileHandle(answer.Stderr, ownsHandle: true);
        using var output = new FileStream(new SafeFileHandle(answer.Stdout, ownsHandle: true), FileAccess.Read, bufferSize: 0);
        var reading = Task.Run(() => Read(output));
        try
        {
            return await reading.WaitAsync(Patience, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            return "";
        }
        finally
        {
            // It has ended, or is to end now: either way nothing is left of it.
            _ = Native.Kill(answer.Pid, SignalNames.Kill);
            Reaper.WaitAndReap(answer.Pid);
            OwnChildren.Remove(answer.Pid);
        }
    }

    private static string Read(FileStream output)
    {
        var text = new byte[Longest];
        var length = output.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(text, 0, length);
    }
}
