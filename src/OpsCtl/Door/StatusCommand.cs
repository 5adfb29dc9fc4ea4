using System.CommandLine;
using System.Text.Json;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Door;

/// <summary>opsctl status.</summary>
internal static class StatusCommand
{
    public static Command Build(GlobalOptions options, Surroundings surroundings)
    {
        var command = new OpsCommand(
            "status",
            "What the agent on this host does now, asked through its local door.",
            "opsctl status",
            "opsctl status --state-dir /var/lib/epicprod-ops-agent",
            "opsctl status -o json | jq .work.queued");
        command.SetAction(async (line, cancellationToken) =>
        {
            var folder = StateFolder.Of(line, options, surroundings);
            using var door = new DoorClient(folder);
            try
            {
                var state = await door.GetAsync("/v1/status", DoorShapesJson.Default.AgentState, cancellationToken);
                Show(state, new Screen(surroundings, line.GetValue(options.Output)));
                return ExitCode.Ok;
            }
            catch (NoAgentException e)
            {
                throw NoAgent(e);
            }
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

    private static void Show(AgentState state, Screen screen)
    {
        if (screen.Json)
        {
            screen.Document(writer => JsonSerializer.Serialize(writer, state, DoorShapesJson.Default.AgentState));
            return;
        }

        var broker = state.Broker;
        var oldest = state.Work.OldestQueuedS is { } s ? $", oldest {Ages.Of(s)}" : "";
        screen.Facts([
            ("agent", $"{state.Agent} (pid {state.Pid}, version {state.Version})"),
            ("state", $"{state.State}, up {Ages.Of(state.UptimeS)}"),
            ("broker", broker.Connected
                ? $"connected to {broker.Endpoint} since {Ages.At(broker.Since)}"
                : $"NOT connected to {broker.Endpoint} since {Ages.At(broker.Since)}: {broker.LastError}"),
            ("queue", $"{state.Queue}, namespace {state.Namespace}"),
            ("work", $"{state.Work.Queued} queued{oldest}, {state.Work.Running} running, {state.Work.InDoubt} in doubt"),
            .. state.Lanes.Select(l => ($"lane {l.Name}", $"{l.Running} of {l.Slots} slots run, {l.Queued} queued"
                + (l.OldestQueuedS is { } age ? $", oldest {Ages.Of(age)}" : ""))),
            ("outbox", Outbox(state.Outbox)),
            ("ledger", state.Ledger.LastError.Length == 0 ? "ok" : $"CAN'T COMMIT: {state.Ledger.LastError}"),
            ("held", $"{state.HeldDeliveries} deliveries"),
        ]);
    }

    private static string Outbox(OutboxState outbox)
    {
        var waiting = outbox.Depth == 0 ? "empty" : $"{outbox.Depth} unconfirmed, oldest {Ages.Of(outbox.OldestS)}";
        return outbox.Expired + outbox.CrowdedOut == 0
            ? waiting
            : $"{waiting}; DROPPED since the start: {outbox.Expired} too old, {outbox.CrowdedOut} for want of room";
    }
}
