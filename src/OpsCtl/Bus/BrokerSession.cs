using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Bus;

/// <summary>Connects, and shows that and why it takes a while.</summary>
internal static class BrokerSession
{
    /// <exception cref="OpsCtlException">No broker can be reached (exit 69).</exception>
    public static async Task<IOpsBus> OpenAsync(
        Surroundings surroundings, BrokerSettings settings, WaitLine waiting, CancellationToken cancellationToken)
    {
        var bus = surroundings.Bus(settings);
        try
        {
            waiting.Say($"connecting to {settings.Address}");
            bus.OnChange = change => waiting.Add(change.Connected ? "" : change.Text);
            await bus.ConnectAsync(IOpsBus.ConnectTimeout, cancellationToken);
            bus.OnChange = null;
            waiting.Say("");
            return bus;
        }
        catch
        {
            await bus.DisposeAsync();
            throw;
        }
    }
}
