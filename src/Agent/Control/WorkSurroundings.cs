using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Holds;

namespace OpsAgent.Agent.Control;

/// <summary>What is known around a request when it is explained; each part may be missing.</summary>
/// <param name="Now">The moment of the explanation.</param>
/// <param name="Lane">Its lane's counts.</param>
/// <param name="Ahead">Queued requests of the same lane that were received earlier.</param>
/// <param name="RunningOfType">Requests of the same type that are starting or running.</param>
/// <param name="AgentState">The agent's operational state.</param>
/// <param name="Paused">The pause of its type.</param>
/// <param name="Unheld">Why it is not known that this agent holds the queue; null while it is.</param>
/// <param name="Held">What its type waits for.</param>
/// <param name="IsLost">It had begun, and the agent has no run of it: a former one had, and it is not recovered yet.</param>
internal sealed record WorkSurroundings(
    DateTimeOffset Now,
    LaneCounts? Lane = null,
    int? Ahead = null,
    int? RunningOfType = null,
    string AgentState = "",
    PausedType? Paused = null,
    string? Unheld = null,
    HeldType? Held = null,
    bool IsLost = false);
