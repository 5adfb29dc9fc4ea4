using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Handlers;

namespace OpsAgent.Agent.Monitor;

/// <summary>Tells the monitor once who reads the queue, and tries until it has taken it.</summary>
internal sealed partial class Subscription(
    MonitorOptions options, MonitorClient client, AgentIdentity identity, BusOptions bus, TimeProvider time, ILogger<Subscription> logger)
{
    /// <summary>The call, below the base URL.</summary>
    public const string Path = "/api/subscribers/";

    public async Task RegisterAsync(CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["subscriber_name"] = $"{identity.Name}-{bus.Queue}",
            ["description"] = $"{Heartbeat.AgentType} agent {identity.Name} on {bus.Queue}",
            ["is_active"] = true,
            ["fraction"] = 1.0,
        });
        var told = false;
        var retry = MonitorRetry.Build(time, static (_, _) => true, (reply, _) =>
        {
            if (!told)
            {
                told = true;
                LogNotYet(reply.Problem(options.Api));
            }
        });
        var last = await retry.ExecuteAsync(async token => await client.CallAsync(Path, body, token), cancellationToken);
        if (last.IsDone || IsThereAlready(last))
        {
            LogRegistered(bus.Queue);
        }
        else
        {
            LogRefused(last.Problem(options.Api));
        }
    }

    /// <summary>The monitor's words for a name that it has: an earlier start of this agent has registered it.</summary>
    public static bool IsThereAlready(MonitorReply reply) =>
        reply.Status == 400
        && reply.Text.Contains("already exists", StringComparison.OrdinalIgnoreCase)
        && reply.Text.Contains("subscriber", StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(5211, LogLevel.Information, "registered with the monitor as subscriber of {Queue}")]
    private partial void LogRegistered(string queue);

    [LoggerMessage(5212, LogLevel.Warning, "not registered with the monitor as subscriber yet; tried on: {Problem}")]
    private partial void LogNotYet(string problem);

    [LoggerMessage(5213, LogLevel.Error, "the monitor does not register this agent as subscriber, and is not asked again: {Problem}")]
    private partial void LogRefused(string problem);
}
