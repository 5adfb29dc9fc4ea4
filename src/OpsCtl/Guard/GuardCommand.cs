using System.CommandLine;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Guard;

/// <summary>opsctl guard.</summary>
internal static class GuardCommand
{
    /// <summary>Where the facility keeps its settings.</summary>
    private const string UsualEnvironmentFile = "/opt/swf-monitor/config/env/production.env";

    public static Command Build(GlobalOptions options, Surroundings surroundings)
    {
        var noLiveness = new Option<bool>("--no-liveness") { Description = "neither ping the agent nor restart its unit" };
        var prune = NumberText.Option(
            "--prune-days", "also remove payload logs that have not changed for so many days; 0: none", otherwise: 0, least: 0, most: 36500);
        var dryRun = new Option<bool>("--dry-run") { Description = "say what would be done, and change nothing" };
        var command = new OpsCommand(
            "guard",
            "For cron on the agent's host: end second agents, restart the unit of an agent that hangs, prune the cache. Exit 0: it has looked.",
            "opsctl guard",
            "opsctl guard --dry-run",
            "opsctl guard --no-liveness --prune-days 30")
        {
            noLiveness, prune, dryRun,
        };
        command.SetAction(async (line, cancellationToken) =>
        {
            var own = FacilityFile.Over(surroundings, File.Exists(UsualEnvironmentFile) ? UsualEnvironmentFile : null);
            var settings = GuardSettings.Read(own);
            var broker = BrokerSettingsReader.Read(line, options, own);
            var report = new GuardReport(new Screen(own, line.GetValue(options.Output)), line.GetValue(dryRun));
            using var memory = GuardMemory.TryOpen(settings.MemoryFile);
            if (memory is null)
            {
                report.Say("guard", "skip", "another guard is at work");
                return ExitCode.Ok;
            }

            var watched = line.GetValue(noLiveness) ? null : memory;
            await ReapAndWatchAsync(own, settings, broker, report, StateOf(line, options, own), watched, cancellationToken);
            if (line.GetValue(prune) is > 0 and var days)
            {
                new CachePrune(settings, report, own.Time).Run(days);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Only where it is named: else the unit says where it is.</summary>
    private static StateFolder? StateOf(ParseResult line, GlobalOptions options, Surroundings own) =>
        line.GetValue(options.State) is null && own.Variable("OPSAGENT_STATE_DIR") is null ? null : StateFolder.Of(line, options, own);

    private static async Task ReapAndWatchAsync(
        Surroundings own, GuardSettings settings, BrokerSettings broker, GuardReport report, StateFolder? state, GuardMemory? memory,
        CancellationToken cancellationToken)
    {
        try
        {
            var systemctl = new Systemctl(own.Systemctl, settings.Unit, own.Time);
            var unit = await systemctl.StateAsync(cancellationToken);
            await new Reaping(settings, report, broker.Namespace, own).RunAsync(unit, cancellationToken);
            if (memory is not null)
            {
                unit = await systemctl.StateAsync(cancellationToken);
                await new Liveness(settings, report, broker, systemctl, state, own).RunAsync(unit, memory, cancellationToken);
            }
        }
        catch (OpsCtlException e) when (e.ExitCode == ExitCode.Unreachable)
        {
            // The cache can be pruned all the same.
            report.Say("guard", "skip", e.Message);
        }
    }
}
