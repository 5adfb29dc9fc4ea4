namespace OpsAgent.Capabilities.Keys;

/// <summary><c>[message.NAME]</c>: what the agent's own code answers.</summary>
internal static class MessageKeys
{
    /// <summary>The one that can't be restricted.</summary>
    public const string Free = "health_ping";

    public static readonly TableKey Shutdown = new("shutdown", "The message that ends the agent.", SenderKeys.Form);

    public static readonly TableForm Form = new() { Keys = [Shutdown], NotNames = [Free] };
}
