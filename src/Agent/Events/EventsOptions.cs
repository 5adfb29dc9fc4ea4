using System.ComponentModel.DataAnnotations;

namespace OpsAgent.Agent.Events;

/// <summary>Where events go and what they say of their sender.</summary>
internal sealed class EventsOptions
{
    /// <summary>Topic of the capabilities' own events, read by the monitor's pages.</summary>
    [Required]
    public string EventTopic { get; set; } = "/topic/epictopic";

    /// <summary>Topic of settlements; empty: none are published.</summary>
    public string SettledTopic { get; set; } = "/topic/epicprod.ops.settled";

    /// <summary>The agent's name, as pongs have it: given at the start, the same for as long as the agent runs.</summary>
    public string Sender { get; set; } = "prodops-agent";

    /// <summary>The namespace that every event carries.</summary>
    public string Namespace { get; set; } = "prodops";

    /// <summary>A page event that could not be published for so long is dropped: nobody waits for it any more.</summary>
    public TimeSpan PageEventMaxAge { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a settlement is worth sending; the broker drops it after.</summary>
    public TimeSpan SettlementMaxAge { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Settlements a second for refusals whose sender gave no id of its own.</summary>
    [Range(1, 100_000)]
    public int RefusalsPerSecond { get; set; } = 10;

    /// <summary>Rows that the outbox holds; the oldest settlements give way first.</summary>
    [Range(1, 10_000_000)]
    public int MaxOutboxRows { get; set; } = 100_000;

    /// <summary>Messages sent and not yet confirmed.</summary>
    [Range(1, 10_000)]
    public int MaxInFlight { get; set; } = 128;
}
