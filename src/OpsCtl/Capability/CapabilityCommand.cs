using System.CommandLine;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Door;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Capability;

/// <summary>opsctl capability pause and resume: at the running agent, where the manifest's `capabilities` need none.</summary>
internal static class CapabilityCommand
{
    public static Command Build(GlobalOptions options, Surroundings surroundings) =>
        new OpsCommand(
            "capability",
            "Pause or resume one type of work at the agent on this host.",
            "opsctl capability pause submit_task --reason \"PanDA is down\"",
            "opsctl capability resume submit_task")
        {
            Pause(options, surroundings), Resume(options, surroundings),
        };

    private static OpsCommand Pause(GlobalOptions options, Surroundings surroundings)
    {
        var type = Type();
        var reason = new Option<string?>("--reason") { Description = "why; shown by status and work why", HelpName = "text" };
        var command = new OpsCommand(
            "pause",
            "Start no more work of a type. It is still accepted and waits; what runs goes on. Stays over restarts of the agent.",
            "opsctl capability pause submit_task --reason \"PanDA is down until noon\"")
        {
            type, reason,
        };
        command.SetAction((line, cancellationToken) =>
        {
            var why = line.GetValue(reason) is { Length: > 0 } text ? $"?reason={Uri.EscapeDataString(text)}" : "";
            return PostAsync(line, line.GetRequiredValue(type), $"pause{why}", options, surroundings, cancellationToken);
        });
        return command;
    }

    private static OpsCommand Resume(GlobalOptions options, Surroundings surroundings)
    {
        var type = Type();
        var command = new OpsCommand(
            "resume",
            "Start work of a paused type again. What has become too old meanwhile is rejected as always.",
            "opsctl capability resume submit_task")
        {
            type,
        };
        command.SetAction((line, cancellationToken) =>
            PostAsync(line, line.GetRequiredValue(type), "resume", options, surroundings, cancellationToken));
        return command;
    }

    private static async Task<int> PostAsync(
        ParseResult line, string type, string change, GlobalOptions options, Surroundings surroundings, CancellationToken cancellationToken)
    {
        using var door = new DoorClient(StateFolder.Of(line, options, surroundings));
        try
        {
            var result = await door.PostAsync(
                $"/v1/capabilities/{Uri.EscapeDataString(type)}/{change}", DoorShapesJson.Default.PauseResult, cancellationToken);
            PauseScreen.Show(new Screen(surroundings, line.GetValue(options.Output)), result);
            return ExitCode.Ok;
        }
        catch (NoAgentException e)
        {
            throw StatusCommand.NoAgent(e);
        }
    }

    private static Argument<string> Type() => new("type") { Description = "its msg_type", HelpName = "msg_type" };
}
