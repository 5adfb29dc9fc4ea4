using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Hosting.Systemd;

/// <summary>The line that <c>systemctl status</c> shows.</summary>
internal sealed class ServiceStatus(AgentOptions options, OperationalState state, IWorkView work, IMessageBus bus)
{
    private const int Longest = 300;

    /// <summary>State, broker and work in one line; from memory alone.</summary>
    public string Text()
    {
        var counts = work.Counts;
        var broker = bus.State;
        var at = broker.Endpoint.Length > 0 ? broker.Endpoint : string.Join(", ", options.Bus.Connection.Endpoints);
        var queue = broker.Connected
            ? $"{(broker.StandsBy ? "standing by for" : "consuming")} {options.Bus.Queue} from {at}"
            : $"no broker at {at} since {broker.Since:yyyy-MM-dd HH:mm:ss}Z{(broker.LastError.Length > 0 ? $" ({broker.LastError})" : "")}";
        var told = $"{counts.Running} running, {counts.Queued} queued, {counts.InDoubt} in doubt";
        return PlainText.OneLine($"{state.Current(counts)}; {queue}; {told}", Longest);
    }
}
