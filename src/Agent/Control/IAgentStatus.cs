namespace OpsAgent.Agent.Control;

/// <summary>What the door shows of the agent as a whole. Every member answers from memory and at once.</summary>
internal interface IAgentStatus
{
    /// <summary>The agent as it is now.</summary>
    AgentSnapshot Snapshot();

    /// <summary>The configuration in force, each value with its origin; values of secrets may be in it, the door masks them.</summary>
    IReadOnlyList<ConfigurationEntry> Configuration { get; }
}

/// <summary>One value of the configuration in force.</summary>
/// <param name="Key">Its path, for example <c>testbed.namespace</c>.</param>
/// <param name="Value">As text.</param>
/// <param name="Origin">Where it comes from: a file with its line, the name of a variable, or <c>default</c>.</param>
internal sealed record ConfigurationEntry(string Key, string Value, string Origin);
