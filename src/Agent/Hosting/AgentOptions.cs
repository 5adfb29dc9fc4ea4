using System.Globalization;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Control;
using OpsAgent.Agent.Monitor;
using OpsAgent.Stomp;
using OpsAgent.Stomp.Broker;

namespace OpsAgent.Agent.Hosting;

/// <summary>The settings as the rooms want them, with the rules that concern more than one of them.</summary>
internal sealed record AgentOptions
{
    public required string Namespace { get; init; }

    public required string AgentName { get; init; }

    public required MonitorOptions Monitor { get; init; }

    public required string StateDir { get; init; }

    public required string TmpDir { get; init; }

    public required string DoersDir { get; init; }

    /// <summary>Holds a work folder a run: systemd's runtime folder (memory) when there is one, else below the state.</summary>
    public required string WorkRoot { get; init; }

    /// <summary>The group whose members may use the local door; null: the agent's own.</summary>
    public required string? ControlGroup { get; init; }

    public required string EventTopic { get; init; }

    public required string SettledTopic { get; init; }

    public required int? MaxWorkers { get; init; }

    /// <summary>How much the ledger may take, in bytes.</summary>
    public required long LedgerBytes { get; init; }

    /// <summary>How much output of runs is kept, in bytes.</summary>
    public required long RunLogBytes { get; init; }

    /// <summary>By how much doers are nicer than the agent.</summary>
    public required int DoerNice { get; init; }

    public required TimeSpan DrainTimeout { get; init; }

    public required TimeSpan LookUpEvery { get; init; }

    public required TimeSpan LookUpFor { get; init; }

    /// <summary>The folder of signing keys; empty: signatures are not looked at.</summary>
    public required string KeysDir { get; init; }

    /// <summary>How far the time of signing may lie from that of sending.</summary>
    public required TimeSpan SigningWindow { get; init; }

    public required BusOptions Bus { get; init; }

    /// <summary>The broker to start inside the agent; null: none.</summary>
    public required StompBrokerOptions? OwnBroker { get; init; }

    /// <summary>Reads valid settings; adds to <paramref name="errors"/> what does not go together.</summary>
    public static AgentOptions From(EffectiveConfiguration settings, IReadOnlyDictionary<string, string> environment, List<string> errors)
    {
        var (bus, ownBroker) = BusSettings.Read(settings, errors);
        return new AgentOptions
        {
            Namespace = settings[AgentSettings.Namespace],
            AgentName = NameOf(settings[AgentSettings.Id]),
            Monitor = MonitorSettings.Read(settings, errors),
            StateDir = settings[AgentSettings.StateDir],
            TmpDir = settings[AgentSettings.TmpDir],
            DoersDir = settings[AgentSettings.DoersDir],
            WorkRoot = environment.GetValueOrDefault("RUNTIME_DIRECTORY") is { Length: > 0 } runtime
                ? Path.Combine(runtime.Split(':')[0], "work")
                : Path.Combine(settings[AgentSettings.StateDir], "work"),
            ControlGroup = Group(settings, errors),
            EventTopic = settings[AgentSettings.EventTopic],
            SettledTopic = Distinct(settings, errors),
            MaxWorkers = int.TryParse(settings[AgentSettings.MaxWorkers], out var workers) ? workers : null,
            LedgerBytes = long.Parse(settings[AgentSettings.LedgerBytes], CultureInfo.InvariantCulture),
            RunLogBytes = long.Parse(settings[AgentSettings.RunLogBytes], CultureInfo.InvariantCulture),
            DoerNice = int.Parse(settings[AgentSettings.DoerNice], CultureInfo.InvariantCulture),
            DrainTimeout = Duration.Parse(settings[AgentSettings.DrainTimeout]),
            LookUpEvery = Duration.Parse(settings[AgentSettings.LookUpEvery]),
            LookUpFor = Duration.Parse(settings[AgentSettings.LookUpFor]),
            KeysDir = settings[AgentSettings.KeysDir],
            SigningWindow = Duration.Parse(settings[AgentSettings.SigningWindow]),
            Bus = bus,
            OwnBroker = ownBroker,
        };
    }

    /// <summary>The same, connected to a broker whose place has become known.</summary>
    public AgentOptions ConnectedTo(StompEndpoint endpoint) =>
        this with { Bus = Bus with { Connection = Bus.Connection with { Endpoints = [endpoint] } } };

    /// <summary>The same, called by an id that has become known.</summary>
    public AgentOptions Called(string id) => this with { AgentName = NameOf(id) };

    /// <summary>The facility's own agent takes only <c>true</c>; the usual other words are not silently taken for no.</summary>
    public static bool IsTrue(string text) => text.ToLowerInvariant() is "true" or "1" or "yes";

    private static string NameOf(string id) => $"prodops-agent-{Environment.UserName}-{id}";

    private static string? Group(EffectiveConfiguration settings, List<string> errors)
    {
        var group = settings[AgentSettings.ControlGroup];
        if (group.Length > 0 && !ControlSocket.IsGroup(group))
        {
            errors.Add($"control.group: there is no group {group}");
        }

        return group.Length > 0 ? group : null;
    }

    private static string Distinct(EffectiveConfiguration settings, List<string> errors)
    {
        var topic = settings[AgentSettings.SettledTopic];
        if (topic.Length > 0 && (topic == settings[AgentSettings.EventTopic] || topic == AgentSettings.EventTopic.Default))
        {
            errors.Add("events.settled_topic is the event topic: each message there becomes a database row and goes to every browser");
        }

        return topic;
    }
}
