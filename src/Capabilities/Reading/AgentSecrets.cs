namespace OpsAgent.Capabilities.Reading;

/// <summary>
/// Variables that are the agent's alone. Whoever has them can speak on the bus as the agent itself: take its requests, and
/// publish events in its name. No doer speaks on the bus, so none is lent them, under whatever name.
/// </summary>
internal static class AgentSecrets
{
    /// <summary>What is said of a manifest that would lend one.</summary>
    public const string Refusal = "the agent's own secret at the broker, which no doer is lent";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> Variables = ["ACTIVEMQ_PASSWORD", "ACTIVEMQ_SSL_KEY_FILE"];

    /// <summary>The first of them that a pattern takes; null: none.</summary>
    public static string? In(string pattern) => Variables.FirstOrDefault(v => Names.Covers(pattern, v));
}
