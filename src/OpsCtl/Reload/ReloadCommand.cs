using System.CommandLine;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Door;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Reload;

/// <summary>opsctl reload.</summary>
internal static class ReloadCommand
{
    public static Command Build(GlobalOptions options, Surroundings surroundings)
    {
        var command = new OpsCommand(
            "reload",
            "Make the agent on this host read its capabilities and lanes again. With any mistake in the file what is in force stays (78).",
            "opsctl reload",
            "opsctl reload -o json | jq .changed");
        command.SetAction(async (line, cancellationToken) =>
        {
            using var door = new DoorClient(StateFolder.Of(line, options, surroundings));
            try
            {
                var result = await door.PostAsync("/v1/reload", DoorShapesJson.Default.ReloadResult, cancellationToken);
                ReloadScreen.Show(new Screen(surroundings, line.GetValue(options.Output)), result);
                return result.Reloaded ? ExitCode.Ok : ExitCode.Configuration;
            }
            catch (NoAgentException e)
            {
                throw StatusCommand.NoAgent(e);
            }
        });
        return command;
    }
}
