using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OpsAgent.Agent.Launching;
using OpsAgent.Agent.Launching.Cgroups;

namespace OpsAgent.Agent.Hosting.Systemd;

/// <summary>
/// Ends what doers have left behind, after a deliberate stop only: <c>opsagent --end-leftovers UNIT</c>, for <c>ExecStopPost=</c>.
/// </summary>
internal static class Leftovers
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>True if the unit's end was meant; said in one line either way.</summary>
    public static async Task<bool> AreToEndAsync(IReadOnlyDictionary<string, string> environment, string unit, TextWriter output)
    {
        var meant = StopCause.IsBusMessage(environment) || StopCause.IsStopJob(await UnitJobs.OfAsync(unit), unit);
        if (!meant)
        {
            await output.WriteLineAsync($"opsagent: {unit} is not stopped for good: its doers are left to the next agent");
        }

        return meant;
    }

    /// <summary>
    /// Ends whatever carries the mark of that state folder's doers, or is in a cgroup of theirs. Nothing while an agent holds the folder.
    /// </summary>
    /// <returns>The program's exit code.</returns>
    public static async Task<int> EndAsync(string stateDir, TextWriter output)
    {
        if (!Directory.Exists(stateDir))
        {
            return ExitCodes.Stopped;
        }

        using var held = StateLock.TryTake(stateDir, out var holder);
        if (held is null)
        {
            await output.WriteLineAsync($"opsagent: an agent holds {stateDir} ({holder}): its doers are its own");
            return ExitCodes.StateHeld;
        }

        var ender = new ScanningTreeEnder(NullLogger<ScanningTreeEnder>.Instance, TimeProvider.System);
        var state = StateIds.Of(stateDir);
        var cgroups = new DoerCgroups(
            OwnCgroup.Find(), Options.Create(new LaunchingOptions { StateId = state }), NullLogger<DoerCgroups>.Instance);
        var populated = cgroups.OfState();
        var report = await ender.EndAsync(ProcessTree.OfMark(DoerMark.OfState(state), populated), leaderExited: null, Grace);
        cgroups.Remove(populated);
        if (report.Ended + report.Survivors > 0)
        {
            await output.WriteLineAsync(
                $"opsagent: ended {report.Ended} process(es) that doers had left; {report.Survivors} could not be ended");
        }

        return report.Survivors == 0 ? ExitCodes.Stopped : ExitCodes.Failed;
    }
}
