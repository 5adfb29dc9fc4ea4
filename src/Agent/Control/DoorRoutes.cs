using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Monitor;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Control;

/// <summary>What the door answers about the agent itself, and the table of all routes.</summary>
internal sealed class DoorRoutes(IAgentStatus agent, IWorkView work, IMessageBus bus, DoorGuard guard, DoorWork doorWork, DoorDecisions decisions, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/status", guard.Around(StatusAsync));
        routes.MapGet("/v1/config", guard.Around(ConfigurationAsync));
        routes.MapGet("/v1/work", guard.Around(doorWork.ListAsync));
        routes.MapGet("/v1/work/{id}", guard.Around(doorWork.ShowAsync));
        routes.MapGet("/v1/work/{id}/why", guard.Around(doorWork.WhyAsync));
        routes.MapPost("/v1/work/{id}/cancel", guard.AroundDoer(decisions.CancelAsync));
        routes.MapPost("/v1/work/{id}/settle", guard.AroundDoer(decisions.SettleAsync));
        routes.MapPost("/v1/work/{id}/retry", guard.Around(decisions.RetryAsync));
        routes.Map("/{**path}", guard.Around(NoRouteAsync));
    }

    private Task<DoorReply> StatusAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var snapshot = agent.Snapshot();
        var broker = bus.State;
        var counts = work.Counts;
        var answer = new StatusAnswer(
            snapshot.Agent,
            snapshot.Pid,
            snapshot.Version,
            snapshot.State,
            snapshot.StartedAt,
            Math.Round(snapshot.Uptime.TotalSeconds, 3),
            snapshot.Namespace,
            snapshot.Queue,
            new BrokerAnswer(broker.Connected, broker.Endpoint, broker.Since, broker.LastError, broker.Holding),
            new CountsAnswer(counts.Queued, counts.Running, counts.InDoubt, Age(now, counts.OldestQueuedAt)),
            [.. work.Lanes.Select(l => new LaneAnswer(l.Name.Value, l.Slots, l.Queued, l.Running, Age(now, l.OldestQueuedAt)))],
            new OutboxAnswer(
                snapshot.OutboxDepth, Age(now, snapshot.OutboxOldestAt), snapshot.OutboxExpired, snapshot.OutboxCrowdedOut,
                snapshot.OutboxRefused, snapshot.OutboxSinceDropped is { } since ? Math.Round(since.TotalSeconds, 3) : null),
            new LedgerAnswer(snapshot.LedgerLastError, snapshot.LedgerBytes, snapshot.LedgerMaxBytes, snapshot.LedgerLogBytes),
            snapshot.HeldDeliveries,
            snapshot.Dispatched,
            MonitorOf(snapshot.Monitor, now),
            [.. snapshot.Paused.Select(PausedAnswer.Of)],
            snapshot.RunLogLinesDropped,
            snapshot.Credentials,
            snapshot.LastError)
        {
            Holds = [.. snapshot.Holds.Select(static h => new HeldAnswer(h.MsgType.Value, h.Reason, h.Since))],
        };
        return Task.FromResult(DoorReply.Ok(answer with { Degraded = StatusHealth.Of(answer) }, DoorJson.Default.StatusAnswer));
    }

    private static MonitorAnswer MonitorOf(MonitorState monitor, DateTimeOffset now) => new(
        monitor.Url, monitor.StreamsUrl, Age(now, monitor.HeartbeatAt), monitor.LastError, monitor.Records,
        Age(now, monitor.RecordsOldestAt), monitor.RecordsRefused, monitor.RecordsDropped, monitor.LogsDropped);

    private Task<DoorReply> ConfigurationAsync(HttpContext context, CancellationToken cancellationToken) =>
        Task.FromResult(DoorReply.Ok(
            new ConfigurationAnswer([.. agent.Configuration.Select(SecretMask.Apply)]), DoorJson.Default.ConfigurationAnswer));

    private static Task<DoorReply> NoRouteAsync(HttpContext context, CancellationToken cancellationToken) =>
        Task.FromResult(DoorReply.Error(
            StatusCodes.Status404NotFound,
            $"there is no {context.Request.Method} {context.Request.Path}",
            "opsctl and the agent may be of different versions: use those of one release"));

    private static double? Age(DateTimeOffset now, DateTimeOffset? then) =>
        then is { } moment ? Math.Max(0, Math.Round((now - moment).TotalSeconds, 3)) : null;
}
