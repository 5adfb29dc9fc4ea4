using System.CommandLine;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Door;

/// <summary>opsctl status.</summary>
internal static class StatusCommand
{
    public static Command Build(GlobalOptions options, Surroundings surroundings)
    {
        var live = new LiveOptions();
        var command = new OpsCommand(
            "status",
            "What the agent on this host does now, asked through its local door. Exit 0: all is well; 1: something is not, and is named; "
            + "2: it can't be reached.",
            "opsctl status",
            "opsctl status --watch --interval 5s",
            "opsctl status --state-dir /var/lib/opsagent",
            "opsctl status -o json | jq .work.queued");
        live.AddTo(command);
        command.SetAction(async (line, cancellationToken) =>
        {
            using var door = new DoorClient(StateFolder.Of(line, options, surroundings));
            var isDegraded = false;
            var code = await live.ShowAsync(line, options, surroundings, async (screen, stop) =>
            {
                var state = await AskAsync(door, stop);
                isDegraded = state.Degraded is { Count: > 0 };
                StatusScreen.Show(screen, state);
            }, cancellationToken);
            return isDegraded && !live.IsWatching(line) ? ExitCode.Negative : code;
        });
        return command;
    }

    /// <summary>Asks once. Whoever watches an agent by the exit code must tell one that is ill from one that is not there.</summary>
    public static async Task<AgentState> AskAsync(DoorClient door, CancellationToken cancellationToken)
    {
        try
        {
            return await door.GetAsync("/v1/status", DoorShapesJson.Default.AgentState, cancellationToken);
        }
        catch (NoAgentException e)
        {
            throw WithOwnCode(NoAgent(e));
        }
        catch (OpsCtlException e) when (e.ExitCode is ExitCode.Unreachable or ExitCode.Negative or ExitCode.Usage)
        {
            throw WithOwnCode(e);
        }
    }

    private static OpsCtlException WithOwnCode(OpsCtlException e) => new(ExitCode.NoAnswer, e.Message, e.Advice, e);

    /// <summary>What is said where only a running agent can answer.</summary>
    public static OpsCtlException NoAgent(NoAgentException e) =>
        new(
            ExitCode.Unreachable,
            e.Message,
            "start it (systemctl start epicprod-ops-agent), or name its state folder with --state-dir or OPSAGENT_STATE_DIR",
            e);
}
