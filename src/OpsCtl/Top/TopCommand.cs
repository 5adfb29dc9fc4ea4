using System.CommandLine;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Door;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Top;

/// <summary>opsctl top: a status that moves, with the requests that run.</summary>
internal static class TopCommand
{
    /// <summary>More than a screen shows, and no burden to the agent.</summary>
    private const int MostRequests = 100;

    public static Command Build(GlobalOptions options, Surroundings surroundings)
    {
        var interval = DurationText.Option(
            "--interval", "from one picture to the next", TimeSpan.FromSeconds(2), least: TimeSpan.FromMilliseconds(100));
        var command = new OpsCommand(
            "top",
            "The agent on this host at work, until Ctrl-C: lanes, what runs and since when, outboxes, what is in doubt, the last error. "
            + "Once, if it does not go to a terminal.",
            "opsctl top",
            "opsctl top --interval 500ms",
            "opsctl top -o json | jq '.running[].request_id'")
        {
            interval,
        };
        command.SetAction(async (line, cancellationToken) =>
        {
            using var door = new DoorClient(StateFolder.Of(line, options, surroundings));
            var format = line.GetValue(options.Output);
            if (format == OutputFormat.Json || !surroundings.OutIsTerminal)
            {
                await ShowAsync(door, new Screen(surroundings, format), surroundings.Time, cancellationToken);
            }
            else
            {
                await new LiveView(surroundings, format, line.GetValue(interval)).RunAsync(
                    (screen, stop) => ShowAsync(door, screen, surroundings.Time, stop), cancellationToken);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task ShowAsync(DoorClient door, Screen screen, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var state = await door.GetAsync("/v1/status", DoorShapesJson.Default.AgentState, cancellationToken);
            var starting = await ListAsync(door, "starting", cancellationToken);
            var running = await ListAsync(door, "running", cancellationToken);
            var doubt = state.Work.InDoubt > 0 ? await ListAsync(door, "doubt", cancellationToken) : [];
            var begun = starting.Concat(running).OrderBy(static r => r.StartedAt).ToList();
            TopScreen.Show(screen, new TopPicture(state, begun, doubt), time.GetUtcNow());
        }
        catch (NoAgentException e)
        {
            throw StatusCommand.NoAgent(e);
        }
    }

    private static async Task<IReadOnlyList<WorkItem>> ListAsync(DoorClient door, string state, CancellationToken cancellationToken)
    {
        var page = await door.GetAsync($"/v1/work?state={state}&limit={MostRequests}", DoorShapesJson.Default.WorkPage, cancellationToken);
        return page.Work;
    }
}
