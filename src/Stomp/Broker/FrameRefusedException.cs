namespace OpsAgent.Stomp.Broker;

/// <summary>A client's frame that can't be done: what the ERROR frame says, after which the connection is closed.</summary>
internal sealed class FrameRefusedException(string message) : Exception(message)
{
    /// <summary>Set when no version is common to both: those that the broker speaks.</summary>
    public string? Versions { get; init; }

    /// <summary>The receipt that the frame asked for.</summary>
    public string? Receipt { get; set; }
}
