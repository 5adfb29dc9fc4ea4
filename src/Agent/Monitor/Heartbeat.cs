using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Handlers;

namespace OpsAgent.Agent.Monitor;

/// <summary>
/// Reports the agent to the monitor's registry. It looks at what is in memory, has one request under way at most, and nothing
/// waits for it but the agent's end, and that only so long.
/// </summary>
internal sealed partial class Heartbeat(
    MonitorOptions options, MonitorClient client, AgentIdentity identity, Func<HeartbeatFacts> look, TimeProvider time,
    ILogger<Heartbeat> logger)
{
    /// <summary>The call, below the base URL.</summary>
    public const string Path = "/api/systemagents/heartbeat/";

    /// <summary>The facility's word for this kind of agent.</summary>
    public const string AgentType = "PRODOPS";

    private const int MaxText = 100;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    private readonly HeartbeatPacer _pacer = new(time);
    private long _takenAt;
    private bool _failing;

    /// <summary>When the monitor last took one; null: never yet.</summary>
    public DateTimeOffset? TakenAt =>
        Interlocked.Read(ref _takenAt) is > 0 and var at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    /// <summary>Why the last one was not taken; empty if it was.</summary>
    public string LastError { get; private set; } = "";

    /// <summary>Reports until it is stopped.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(BetweenLooks, time);
        do
        {
            var facts = look();
            if (_pacer.IsDue(facts))
            {
                await TellAsync(facts, cancellationToken);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Reports the end, whenever the last report was. Called when nothing else is under way.</summary>
    public async Task ExitAsync(TimeSpan limit)
    {
        var facts = look() with { State = "EXITED" };
        var reply = await client.CallAsync(Path, Body(facts), limit, CancellationToken.None);
        if (!reply.IsDone)
        {
            LogExitUntold(reply.Problem(options.Api));
        }
    }

    private async Task TellAsync(HeartbeatFacts facts, CancellationToken cancellationToken)
    {
        _pacer.Began();
        var reply = await client.CallAsync(Path, Body(facts), cancellationToken);
        if (reply.IsDone)
        {
            _pacer.Taken(facts);
            Interlocked.Exchange(ref _takenAt, time.GetUtcNow().ToUnixTimeMilliseconds());
            LastError = "";
            if (_failing)
            {
                LogTakenAgain();
            }

            _failing = false;
            return;
        }

        _pacer.Failed();
        LastError = reply.Problem(options.Api);
        if (!_failing)
        {
            // Once for an outage, however long it lasts.
            _failing = true;
            LogFailing(LastError);
        }
    }

    private byte[] Body(HeartbeatFacts facts)
    {
        var exited = facts.State == "EXITED";
        var about = exited ? "Agent shutdown" : facts.Connected ? "MQ: connected" : "MQ: disconnected";
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["instance_name"] = OneLine.Of(identity.Name, MaxText),
            ["agent_type"] = AgentType,
            ["status"] = exited ? "EXITED" : facts.Connected ? "OK" : "WARNING",
            ["description"] = $"{AgentType} agent. {about}",
            ["mq_connected"] = facts.Connected,
            ["pid"] = identity.Pid,
            ["hostname"] = OneLine.Of(Dns.GetHostName(), MaxText),
            ["operational_state"] = facts.State,
            ["namespace"] = OneLine.Of(identity.Namespace, MaxText),
        });
    }

    [LoggerMessage(5221, LogLevel.Warning, "the monitor takes no heartbeat, tried on: {Problem}")]
    private partial void LogFailing(string problem);

    [LoggerMessage(5222, LogLevel.Information, "the monitor takes heartbeats again")]
    private partial void LogTakenAgain();

    [LoggerMessage(5223, LogLevel.Warning, "the monitor was not told of the agent's end: {Problem}")]
    private partial void LogExitUntold(string problem);
}
