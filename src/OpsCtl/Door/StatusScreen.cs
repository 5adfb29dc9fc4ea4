using System.Text.Json;
using OpsAgent.OpsCtl.Capability;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Door;

/// <summary>What an agent does now: facts, and its lanes as a table on a terminal.</summary>
internal static class StatusScreen
{
    private static readonly Column[] LaneColumns =
        [new("LANE"), new("RUNNING", IsFigure: true), new("SLOTS", IsFigure: true), new("QUEUED", IsFigure: true), new("OLDEST", IsFigure: true)];

    public static void Show(Screen screen, AgentState state)
    {
        if (screen.Json)
        {
            screen.Document(writer => JsonSerializer.Serialize(writer, state, DoorShapesJson.Default.AgentState));
            return;
        }

        screen.Facts([
            ("health", Health(state.Degraded ?? [])),
            ("agent", $"{state.Agent} (pid {state.Pid}, version {state.Version})"),
            ("state", new Piece(state.State, Tones.OfAgent(state.State))),
            ("up", $"{Ages.Of(state.UptimeS)}, since {Ages.At(state.StartedAt)}"),
            ("broker", Broker(state.Broker)),
            ("queue", $"{state.Queue}, namespace {state.Namespace}{(state.Broker.Holding.Length > 0 ? $"; {state.Broker.Holding}" : "")}"),
            ("work", Work(state.Work)),
            .. screen.IsTerminal ? [] : state.Lanes.Select(LaneFact),
            .. (state.Paused ?? []).Select(static p => ($"paused {p.MsgType}", new Piece(PauseScreen.Text(p), Tone.Warning))),
            .. (state.Holds ?? []).Select(static h => ($"held {h.MsgType}", new Piece($"since {Ages.At(h.Since)}: {h.Reason}", Tone.Warning))),
            ("outbox", Outbox(state.Outbox)),
            ("ledger", state.Ledger.LastError.Length == 0 ? Ledger(state.Ledger) : new Piece($"FAILS: {state.Ledger.LastError}", Tone.Bad)),
            ("held", $"{state.HeldDeliveries} deliveries"),
            .. MonitorScreen.Facts(state.Monitor),
            .. (state.Credentials ?? []).Select(static c => ($"credential {c.Name}", Credential(c))),
            .. Error(state.LastError),
            .. RunLogs(state.RunLogLinesDropped),
        ]);
        Lanes(screen, state);
    }

    /// <summary>What changes from moment to moment, for a screen with more on it.</summary>
    public static void ShowShort(Screen screen, AgentState state)
    {
        screen.Facts([
            ("health", Health(state.Degraded ?? [])),
            ("agent", new Piece($"{state.Agent}, {state.State}, up {Ages.Of(state.UptimeS)}", Tones.OfAgent(state.State))),
            ("broker", Broker(state.Broker)),
            ("work", Work(state.Work)),
            ("outbox", Outbox(state.Outbox)),
            .. state.Monitor is null or { Url: "", StreamsUrl: "" } ? [] : MonitorScreen.Facts(state.Monitor),
            .. Error(state.LastError),
            .. screen.IsTerminal ? [] : state.Lanes.Select(LaneFact),
        ]);
        Lanes(screen, state);
    }

    private static void Lanes(Screen screen, AgentState state)
    {
        if (screen.IsTerminal)
        {
            screen.Line("");
            screen.Table(LaneColumns, [.. state.Lanes.Select(LaneRow)]);
        }
    }

    private static (string Name, Piece Value)[] Error(LastError? last) =>
        last is null ? [] : [("last error", $"{Ages.At(last.At)} {last.Text}")];

    private static (string Name, Piece Value)[] RunLogs(long dropped) =>
        dropped == 0 ? [] : [("run logs", new Piece($"{dropped} lines DROPPED since the start", Tone.Warning))];

    private static Piece Ledger(LedgerState ledger) => ledger.MaxBytes == 0
        ? "ok"
        : $"ok, {ledger.Bytes >> 20} of at most {ledger.MaxBytes >> 20} MiB, log {ledger.LogBytes >> 20} MiB";

    private static Piece Health(IReadOnlyList<string> degraded) =>
        degraded.Count == 0 ? new Piece("ok", Tone.Good) : new Piece($"DEGRADED: {string.Join("; ", degraded)}", Tone.Bad);

    private static Piece Credential(CredentialLife credential) => credential.Status switch
    {
        "ok" => new Piece($"{credential.DaysLeft:0.0} days left"),
        "expiring" => new Piece($"ENDS in {credential.DaysLeft:0.0} days: {credential.Path}", Tone.Warning),
        _ => new Piece($"{credential.Status.ToUpperInvariant()}: {credential.Path}", Tone.Bad),
    };

    private static Piece Broker(BrokerState broker) => broker.Connected
        ? new Piece($"connected to {broker.Endpoint} since {Ages.At(broker.Since)}")
        : new Piece($"NOT connected to {broker.Endpoint} since {Ages.At(broker.Since)}: {broker.LastError}", Tone.Bad);

    private static Piece Work(WorkTotals work)
    {
        var oldest = work.OldestQueuedS is { } s ? $", oldest {Ages.Of(s)}" : "";
        return new Piece(
            $"{work.Queued} queued{oldest}, {work.Running} running, {work.InDoubt} in doubt",
            work.InDoubt > 0 ? Tone.Warning : Tone.Plain);
    }

    private static (string Name, Piece Value) LaneFact(LaneState lane) =>
        ($"lane {lane.Name}", $"{lane.Running} of {lane.Slots} slots run, {lane.Queued} queued"
            + (lane.OldestQueuedS is { } age ? $", oldest {Ages.Of(age)}" : ""));

    private static Piece[] LaneRow(LaneState lane) =>
    [
        lane.Name,
        new($"{lane.Running}", lane.Running > 0 ? Tone.Active : Tone.Plain),
        $"{lane.Slots}",
        new($"{lane.Queued}", lane.Queued > 0 && lane.Running >= lane.Slots ? Tone.Warning : Tone.Plain),
        Ages.Of(lane.OldestQueuedS),
    ];

    private static Piece Outbox(OutboxState outbox)
    {
        var waiting = outbox.Depth == 0 ? "empty" : $"{outbox.Depth} unconfirmed, oldest {Ages.Of(outbox.OldestS)}";
        return outbox.Expired + outbox.CrowdedOut + outbox.Refused == 0
            ? waiting
            : new Piece(
                $"{waiting}; DROPPED since the start: {outbox.Expired} too old, {outbox.CrowdedOut} for want of room, "
                + $"{outbox.Refused} refused by the broker", Tone.Warning);
    }
}
