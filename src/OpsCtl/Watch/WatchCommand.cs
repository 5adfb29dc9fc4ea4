using System.CommandLine;
using System.Threading.Channels;
using OpsAgent.OpsCtl.Bus;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Watch;

/// <summary>opsctl watch.</summary>
internal static class WatchCommand
{
    /// <summary>Messages that wait to be shown; a slow terminal loses the newest and is told so.</summary>
    private const int Backlog = 10_000;

    public static Command Build(GlobalOptions options, Surroundings surroundings)
    {
        var raw = new Option<bool>("--raw") { Description = "show bodies as they came" };
        var count = NumberText.Option("--count", "end after so many; 0: at Ctrl-C", otherwise: 0, least: 0);
        count.Aliases.Add("-c");
        var topic = new Option<string>("--topic")
        {
            Description = "where events go (/topic/epictopic if not given)",
            HelpName = "destination",
            DefaultValueFactory = _ => "/topic/epictopic",
        };
        var command = new OpsCommand(
            "watch",
            "Show events and settlements as they come, until Ctrl-C.",
            "opsctl watch",
            "opsctl watch -o json | jq 'select(.message.outcome == \"error\")'")
        {
            raw, count, topic,
        };
        command.SetAction(async (line, cancellationToken) =>
        {
            var settings = BrokerSettingsReader.Read(line, options, surroundings);
            var screen = new Screen(surroundings, line.GetValue(options.Output));
            var messages = new WatchScreen(screen, line.GetValue(raw), surroundings.Time);
            using var waiting = screen.Waiting();
            await using var bus = await BrokerSession.OpenAsync(surroundings, settings, waiting, cancellationToken);
            bus.OnChange = messages.Connection;
            string[] topics = [.. ((string[])[line.GetRequiredValue(topic), settings.SettledTopic]).Where(t => t.Length > 0).Distinct()];
            waiting.Say($"watching {string.Join(" and ", topics)}; Ctrl-C ends it");
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, surroundings.ReaderGone());
            return await WatchAsync(bus, topics, messages, screen, line.GetValue(count), end.Token);
        });
        return command;
    }

    private static async Task<int> WatchAsync(
        IOpsBus bus, string[] topics, WatchScreen messages, Screen screen, int count, CancellationToken cancellationToken)
    {
        var dropped = 0;
        var waiting = Channel.CreateBounded<BusMessage>(
            new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropWrite }, _ => Interlocked.Increment(ref dropped));
        foreach (var topic in topics)
        {
            bus.Subscribe(topic, message => waiting.Writer.TryWrite(message));
        }

        try
        {
            for (var shown = 0; count == 0 || shown < count; shown++)
            {
                messages.Show(await waiting.Reader.ReadAsync(cancellationToken));
                if (Interlocked.Exchange(ref dropped, 0) is > 0 and var lost)
                {
                    screen.Note($"{lost} messages came faster than they could be shown");
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how a watch ends.
        }

        return ExitCode.Ok;
    }
}
