using System.CommandLine;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Door;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Logs;

/// <summary>opsctl logs.</summary>
internal static class LogsCommand
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    /// <summary>So long what was printed last may take to reach its file after the request is settled: a run does not wait for its log.</summary>
    private static readonly TimeSpan LastLines = TimeSpan.FromSeconds(5);

    public static Command Build(GlobalOptions options, Surroundings surroundings)
    {
        var id = new Argument<string>("id") { Description = "the request's id", HelpName = "request_id" };
        var follow = new Option<bool>("--follow", "-f") { Description = "go on until the request has ended, or Ctrl-C" };
        var command = new OpsCommand(
            "logs",
            "What the runs of a request have printed, each line with its time and stream. With no agent running, its files are read.",
            "opsctl logs 0198c1f2a3b4",
            "opsctl logs -f 0198c1f2a3b4",
            "opsctl logs 0198c1f2a3b4 -o json | jq -r .line")
        {
            id, follow,
        };
        command.SetAction(async (line, cancellationToken) =>
        {
            var folder = StateFolder.Of(line, options, surroundings);
            var screen = new Screen(surroundings, line.GetValue(options.Output));
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, surroundings.ReaderGone());
            try
            {
                await ReadAsync(folder, line.GetRequiredValue(id), line.GetValue(follow), screen, surroundings.Time, end.Token);
            }
            catch (OperationCanceledException) when (line.GetValue(follow) && end.IsCancellationRequested)
            {
                // Ctrl-C is how it ends.
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task ReadAsync(
        StateFolder folder, string id, bool follow, Screen screen, TimeProvider time, CancellationToken cancellationToken)
    {
        var lines = new LogsScreen(screen);
        try
        {
            using var agent = new DoorLogSource(new DoorClient(folder));
            if (!await ReadAsync(agent, id, follow, lines, time, cancellationToken))
            {
                screen.Note("the request has ended, but not its output: the agent died meanwhile, or its disk takes the lines later");
            }
        }
        catch (NoAgentException) when (!lines.HasShown)
        {
            screen.Note($"no agent runs; read from {folder.Logs}");
            using var files = new FolderLogSource(folder.Logs);
            await ReadAsync(files, id, follow: false, lines, time, cancellationToken);
        }
        catch (NoAgentException e)
        {
            throw StatusCommand.NoAgent(e);
        }
    }

    /// <summary>False if it was followed to the request's end and the end of its output did not come.</summary>
    private static async Task<bool> ReadAsync(
        ILogSource source, string id, bool follow, LogsScreen lines, TimeProvider time, CancellationToken cancellationToken)
    {
        var (attempt, offset) = (0, 0L);
        long? ended = null;
        while (true)
        {
            var piece = await source.ReadAsync(id, attempt, offset, cancellationToken);
            if (piece.Attempt == 0 && !(follow && piece.IsOpen))
            {
                throw new OpsCtlException(
                    ExitCode.Negative,
                    $"no output of {id} is kept",
                    "it has not been started, or its output was removed for its age: opsctl work why tells what became of it");
            }

            lines.Show(piece);
            (attempt, offset) = (piece.Attempt, piece.Next);
            if (piece.Text.Length > 0)
            {
                continue;
            }

            if (piece.Attempts.FirstOrDefault(a => a > attempt) is > 0 and var later)
            {
                (attempt, offset) = (later, 0);
                continue;
            }

            if (!follow || (!piece.IsOpen && lines.IsAtEnd))
            {
                return true;
            }

            ended = piece.IsOpen ? null : ended ?? time.GetTimestamp();
            if (ended is { } since && time.GetElapsedTime(since) > LastLines)
            {
                return false;
            }

            await Task.Delay(BetweenLooks, time, cancellationToken);
        }
    }
}
