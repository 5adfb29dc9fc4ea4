using OpsAgent.OpsCtl.Bus;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Guard;

/// <summary>
/// Restarts the unit when its agent hangs: twice in a row no pong came, though a message to the guard itself did, and the local
/// door is silent or shows that nothing is taken in. A broker that is away, or work that takes long, is no reason.
/// </summary>
internal sealed class Liveness(
    GuardSettings settings, GuardReport report, BrokerSettings broker, Systemctl systemctl, StateFolder? state, Surroundings surroundings)
{
    private const string Check = "liveness";

    public async Task RunAsync(UnitState unit, GuardMemory memory, CancellationToken cancellationToken)
    {
        if (unit.WhyLeave(settings.DeliberateExit) is { } reason)
        {
            Leave(memory, $"{settings.Unit} is left as it is: {reason}");
            return;
        }

        var folder = state ?? (unit.StateFolder is { } named ? new StateFolder(named) : null);
        var door = new DoorProgress(folder, unit.MainPid);
        await door.LookAsync(cancellationToken);
        BusAnswer answer;
        try
        {
            await using var bus = surroundings.Bus(broker);
            await bus.ConnectAsync(IOpsBus.ConnectTimeout, cancellationToken);
            answer = await new BusQuestion(bus, broker, settings.PingTimeout, surroundings).AskAsync(cancellationToken);
        }
        catch (OpsCtlException e)
        {
            Leave(memory, $"nothing is known of the agent: {e.Message}");
            return;
        }

        if (answer.Pong is { } pong)
        {
            Leave(memory, $"{settings.Unit} answers: {pong}");
        }
        else if (!answer.OwnCameBack)
        {
            var silence = $"no pong within {settings.PingTimeout.TotalSeconds:0.#} s";
            Leave(memory, $"{silence}, but the guard's own message did not come back either: it is the broker");
        }
        else
        {
            await door.LookAgainAsync(cancellationToken);
            await DecideAsync(unit, memory, door, cancellationToken);
        }
    }

    private async Task DecideAsync(UnitState unit, GuardMemory memory, DoorProgress door, CancellationToken cancellationToken)
    {
        var silence = $"no pong within {settings.PingTimeout.TotalSeconds:0.#} s, though the guard's own message came back";
        if (door.Progresses)
        {
            Leave(memory, $"{silence}; but its local door shows that it works: {door.Finding}");
            return;
        }

        var now = surroundings.Time.GetUtcNow();
        if (!memory.SaysSilent(unit.MainPid, now))
        {
            if (!report.DryRun)
            {
                memory.Remember(unit.MainPid, now);
            }

            report.Say(Check, "wait", $"{silence}; {door.Finding}; it is restarted if the next run finds the same");
            return;
        }

        report.Say(Check, "restart", $"{settings.Unit}, pid {unit.MainPid}: twice in a row {silence}; {door.Finding}");
        if (report.DryRun)
        {
            return;
        }

        memory.Forget();

        // What it was may have changed meanwhile: somebody may just be stopping it.
        if ((await systemctl.StateAsync(cancellationToken)).WhyLeave(settings.DeliberateExit) is { } reason)
        {
            report.Say(Check, "leave", $"{settings.Unit} is left after all: {reason}");
            return;
        }

        await systemctl.RestartAsync(cancellationToken);
    }

    private void Leave(GuardMemory memory, string reason)
    {
        if (!report.DryRun)
        {
            memory.Forget();
        }

        report.Say(Check, "leave", reason);
    }
}
