namespace OpsAgent.OpsCtl.Guard;

/// <summary>
/// Ends agents beside the unit's own, which would take requests from it. The registry only says where to look. What is ended
/// must, by the kernel's word, be an agent by its program, belong to the user that the unit's own agent runs as, and have been
/// running when its heartbeat came.
/// </summary>
internal sealed class Reaping(GuardSettings settings, GuardReport report, string ownNamespace, Surroundings surroundings)
{
    private const string Check = "reap";
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Clocks of two hosts, and the kernel's own to the second.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    public async Task RunAsync(UnitState unit, CancellationToken cancellationToken)
    {
        if (unit.MainPid == 0 || HeldProcess.TryOpen(unit.MainPid) is not { } own)
        {
            report.Say(Check, "skip", $"{settings.Unit} has no main process to tell duplicates from");
            return;
        }

        using (own)
        {
            if (settings.Monitor is null)
            {
                report.Say(Check, "skip", "SWF_MONITOR_URL is not set, so that there is no registry to ask");
                return;
            }

            IReadOnlyList<RegistryRow> rows;
            try
            {
                rows = await AgentRegistry.ReadAsync(settings.Monitor, settings.Token, surroundings, cancellationToken);
            }
            catch (OpsCtlException e) when (e.ExitCode == ExitCode.Unreachable)
            {
                report.Say(Check, "skip", e.Message);
                return;
            }

            var now = surroundings.Time.GetUtcNow();
            foreach (var row in rows.Where(r => MayBeDuplicate(r, unit.MainPid, now)))
            {
                await JudgeAsync(row, own.User, cancellationToken);
            }
        }
    }

    private bool MayBeDuplicate(RegistryRow row, int mainPid, DateTimeOffset now) =>
        row.Type == "PRODOPS"
        && row.State != "EXITED"
        && (row.Namespace.Length == 0 || row.Namespace == ownNamespace)
        && now - row.Heartbeat <= settings.HeartbeatFresh
        && row.Heartbeat - now <= Slack
        && !(row.Host == surroundings.HostName && row.Pid == mainPid);

    private async Task JudgeAsync(RegistryRow row, uint? user, CancellationToken cancellationToken)
    {
        var who = $"{row.Name}, pid {row.Pid}";
        if (row.Host != surroundings.HostName)
        {
            report.Say(
                Check, "leave", $"{who} on {row.Host}: another agent of this namespace runs on another host, and takes requests from this one");
            return;
        }

        using var process = row.Pid > 1 && row.Pid != Environment.ProcessId ? HeldProcess.TryOpen(row.Pid) : null;
        if (process is null)
        {
            report.Say(Check, "leave", $"{who}: there is no such process");
            return;
        }

        if (WhyLeave(process, row, user) is { } reason)
        {
            report.Say(Check, "leave", $"{who}: {reason}");
            return;
        }

        var why = $"{who}: a second agent on this host, alive by its heartbeat of {row.Heartbeat:O}";
        if (!report.DryRun)
        {
            why += await process.EndAsync(Grace, surroundings.Time, cancellationToken) ? "; it is gone" : "; it could not be ended";
        }

        report.Say(Check, "end", why);
    }

    private static string? WhyLeave(HeldProcess process, RegistryRow row, uint? user) => process switch
    {
        { IsAgent: false } => "that process is no agent",
        _ when user is null || process.User != user => "that process belongs to another user than the unit's agent",
        { Started: { } started } when started - Slack <= row.Heartbeat => null,
        _ => "that process was started after the heartbeat: it is another one",
    };
}
