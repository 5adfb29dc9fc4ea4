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
            "What the agent on this host does now, asked through its local door.",
            "opsctl status",
            "opsctl status --watch --interval 5s",
            "opsctl status --state-dir /var/lib/epicprod-ops-agent",
            "opsctl status -o json | jq .work.queued");
        live.AddTo(command);
        command.SetAction(async (line, cancellationToken) =>
        {
            using var door = new DoorClient(StateFolder.Of(line, options, surroundings));
            return await live.ShowAsync(line, options, surroundings, async (screen, stop) =>
            {
                try
                {
                    StatusScreen.Show(screen, await door.GetAsync("/v1/status", DoorShapesJson.Default.AgentState, stop));
                }
                catch (NoAgentException e)
                {
                    throw NoAgent(e);
                }
            }, cancellationToken);
        });
        return command;
    }

    /// <summary>What is said where only a running agent can answer.</summary>
    public static OpsCtlException NoAgent(NoAgentException e) =>
        new(
            ExitCode.Unreachable,
            e.Message,
            "start it (systemctl start epicprod-ops-agent), or name its state folder with --state-dir or OPSAGENT_STATE_DIR",
            e);
}
