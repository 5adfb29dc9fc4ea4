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
            var report = new GuardReport(new Screen(own, line.GetValue(options.Output)), line.GetValue(dryRun));
            var code = await LookAsync(report, () => ReapAsync(line, options, own, settings, report, cancellationToken));
            if (!line.GetValue(noLiveness))
            {
                code = Math.Max(code, await LookAsync(report, () => WatchAsync(line, options, own, settings, report, cancellationToken)));
            }

            if (line.GetValue(prune) is > 0 and var days)
            {
                new CachePrune(settings, report, own.Time).Run(days);
            }

            return code;
        });
        return command;
    }

    /// <summary>Does one check; what stands in its way does not keep the others from being done.</summary>
    private static async Task<int> LookAsync(GuardReport report, Func<Task> check)
    {
        try
        {
            await check();
            return ExitCode.Ok;
        }
        catch (OpsCtlException e) when (e.ExitCode is ExitCode.Unreachable or ExitCode.Configuration)
        {
            report.Say("guard", "skip", e.Message);
            return e.ExitCode == ExitCode.Configuration ? ExitCode.Configuration : ExitCode.Ok;
        }
    }

    private static async Task ReapAsync(
        ParseResult line, GlobalOptions options, Surroundings own, GuardSettings settings, GuardReport report, CancellationToken cancellationToken)
    {
        var unit = await new Systemctl(own.Systemctl, settings.Unit, own.Time).StateAsync(cancellationToken);
        await new Reaping(settings, report, AgentFile.Namespace(line, options, own) ?? AgentFile.DefaultNamespace, own).RunAsync(unit, cancellationToken);
    }

    private static async Task WatchAsync(
        ParseResult line, GlobalOptions options, Surroundings own, GuardSettings settings, GuardReport report, CancellationToken cancellationToken)
    {
        var broker = BrokerSettingsReader.Read(line, options, own);
        using var memory = GuardMemory.TryOpen(settings.MemoryFile);
        if (memory is null)
        {
            report.Say("guard", "skip", "another guard is at work");
            return;
        }

        var systemctl = new Systemctl(own.Systemctl, settings.Unit, own.Time);
        var unit = await systemctl.StateAsync(cancellationToken);
        await new Liveness(settings, report, broker, systemctl, StateOf(line, options, own), own).RunAsync(unit, memory, cancellationToken);
    }

    /// <summary>Only where it is named: else the unit says where it is.</summary>
    private static StateFolder? StateOf(ParseResult line, GlobalOptions options, Surroundings own) =>
        line.GetValue(options.State) is null && own.Variable("OPSAGENT_STATE_DIR") is null ? null : StateFolder.Of(line, options, own);
}
