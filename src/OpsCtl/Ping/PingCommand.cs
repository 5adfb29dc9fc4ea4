using System.CommandLine;
using OpsAgent.OpsCtl.Bus;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Ping;

/// <summary>opsctl ping.</summary>
internal static class PingCommand
{
    public static Command Build(GlobalOptions options, Surroundings surroundings)
    {
        var count = NumberText.Option("--count", "how many; 0: until Ctrl-C", otherwise: 3, least: 0);
        count.Aliases.Add("-c");
        var interval = DurationText.Option(
            "--interval", "from one to the next; 0: as fast as answers come, and only losses are shown", TimeSpan.FromSeconds(1));
        var timeout = DurationText.Option("--timeout", "after this a ping is lost", TimeSpan.FromSeconds(10));
        var command = new OpsCommand(
            "ping",
            "Ask the agent over the bus whether it lives, and measure how long the answer takes. Exit 0: every ping answered; 1: some lost.",
            "opsctl ping",
            "opsctl ping --count 1 --timeout 10s            # a liveness check",
            "opsctl ping --count 2000 --interval 0 -o json  # a measurement")
        {
            count, interval, timeout,
        };
        command.SetAction(async (line, cancellationToken) =>
        {
            var settings = BrokerSettingsReader.Read(line, options, surroundings);
            var plan = new PingPlan
            {
                Queue = settings.Queue,
                ReplyTo = ReplyQueue(surroundings.HostName),
                Namespace = settings.Namespace,
                Count = line.GetValue(count),
                Interval = line.GetValue(interval),
                Timeout = line.GetValue(timeout),
            };
            var screen = new Screen(surroundings, line.GetValue(options.Output));
            using var waiting = screen.Waiting();
            await using var bus = await BrokerSession.OpenAsync(surroundings, settings, waiting, cancellationToken);

            // Without end it is for its reader; with one it is for its exit code.
            var readerGone = plan.Count == 0 ? surroundings.ReaderGone() : CancellationToken.None;
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, readerGone);
            var pings = new PingScreen(screen, plan, waiting);
            var run = new PingRun(bus, plan, surroundings.Time);
            await run.RunAsync(pings.Sent, pings.Each, end.Token);
            waiting.Say("");
            pings.Summary(run);
            return (run.Sent, run.Lost) switch
            {
                (0, _) => ExitCode.Interrupted,
                (_, > 0) => ExitCode.Negative,
                _ => ExitCode.Ok,
            };
        });
        return command;
    }

    /// <summary>A queue that no other pinger on any host uses, of the form that the facility's watchdog has made usual.</summary>
    private static string ReplyQueue(string host) =>
        $"/queue/epicprod.ops.pong.{host}.{Environment.ProcessId}.{Guid.NewGuid().ToString("N")[..8]}";
}
