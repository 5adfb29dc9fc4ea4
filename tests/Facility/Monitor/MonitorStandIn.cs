using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace OpsAgent.Tests.Facility.Monitor;

/// <summary>The facility's monitor: its registry of agents, its subscribers and its log, and how it misbehaves.</summary>
public sealed class MonitorStandIn
{
    /// <summary>Where it stands below the facility's host; part of both base URLs.</summary>
    public const string BasePath = "/swf-monitor";

    /// <summary>The call that gives out agents' ids.</summary>
    public const string NextAgentId = "/api/state/next-agent-id/";

    /// <summary>The call that agents report themselves by.</summary>
    public const string Heartbeat = "/api/systemagents/heartbeat/";

    /// <summary>The registry, for everyone to read.</summary>
    public const string Agents = "/api/systemagents/";

    /// <summary>The call that registers who reads a queue.</summary>
    public const string Subscribers = "/api/subscribers/";

    /// <summary>The call that takes log lines and action records.</summary>
    public const string Logs = "/api/logs/";

    /// <summary>The stream of messages that pages and tools follow.</summary>
    public const string Messages = "/api/messages/stream/";

    private readonly ConcurrentQueue<JsonObject> _logs = new();
    private readonly ConcurrentDictionary<string, JsonObject> _subscribers = new(StringComparer.Ordinal);
    private int _lastId = 40;

    /// <summary>The one that it accepts.</summary>
    public string Token { get; set; } = "stand-in-token";

    /// <summary>Its clock, by which silent agents are marked.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Its rows of agents.</summary>
    public AgentRegistry Registry { get; } = new();

    /// <summary>What was posted to its log, in order.</summary>
    public IReadOnlyList<JsonObject> LogRows => [.. _logs];

    /// <summary>The action records among it.</summary>
    public IReadOnlyList<JsonObject> Records => [.. _logs.Where(static r => (string?)r["app_name"] == "epicprod")];

    /// <summary>The registered subscribers.</summary>
    public IReadOnlyCollection<JsonObject> SubscriberRows => [.. _subscribers.Values];

    internal MonitorFaults Faults { get; } = new();

    /// <summary>Makes a call, for example <see cref="Heartbeat"/>, go wrong.</summary>
    public void FaultAt(string call, MonitorFault fault) => Faults.Arm(call, fault);

    /// <summary>Makes all calls go wrong.</summary>
    public void FaultEverywhere(MonitorFault fault)
    {
        foreach (var call in (string[])[NextAgentId, Heartbeat, Agents, Subscribers, Logs, Messages])
        {
            FaultAt(call, fault);
        }
    }

    /// <summary>From now on all calls are answered well; what hangs already hangs on.</summary>
    public void Recover() => Faults.Disarm();

    internal int TakeId() => Interlocked.Increment(ref _lastId);

    internal bool TrySubscribe(string name, JsonObject row) => _subscribers.TryAdd(name, row);

    internal void AddLog(JsonObject row) => _logs.Enqueue(row);
}
