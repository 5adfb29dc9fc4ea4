using OpsAgent.Abstractions;
using OpsAgent.OpsCtl.Bus;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Send;

/// <summary>Sends a request over a connection that is there, and keeps track of how far it has come.</summary>
internal sealed class SendRun(IOpsBus bus, BrokerSettings settings, SendScreen screen, SendProgress progress, WaitLine waiting)
{
    /// <summary>Until the broker has it.</summary>
    public async Task<int> SendAsync(BusRequest request, CancellationToken cancellationToken)
    {
        await HandOverAsync(request, cancellationToken);
        waiting.Say("");
        screen.Sent();
        return ExitCode.Ok;
    }

    /// <summary>Until the agent has settled it; the exit code is that of the outcome.</summary>
    public async Task<int> SendAndWaitAsync(BusRequest request, RequestId id, CancellationToken cancellationToken)
    {
        var wait = new SettlementWait(id.Value)
        {
            OnHeld = held =>
            {
                progress.Held($"holds it: {JsonText.Field(held, "reason")}");
                screen.Held(held);
            },
        };
        await using var subscription = bus.Subscribe(settings.SettledTopic, wait.Take);
        await HandOverAsync(request, cancellationToken);
        screen.Waiting();
        waiting.Say("waiting for the settlement");
        bus.OnChange = change => screen.Connection(change);
        var settlement = await wait.Settled.WaitAsync(cancellationToken);
        waiting.Say("");
        return screen.Settled(settlement);
    }

    private async Task HandOverAsync(BusRequest request, CancellationToken cancellationToken)
    {
        waiting.Say("waiting for the broker's receipt");
        progress.HandedOver();
        await bus.SendConfirmedAsync(request, cancellationToken);
        progress.Confirmed();
    }
}
