namespace OpsAgent.Stomp;

/// <summary>What one connection may cost in memory.</summary>
public sealed record StompLimits
{
    /// <summary>
    /// Headers of one frame. A MESSAGE beyond this or <see cref="MaxHeaderBytes"/> is handed on with its further headers dropped, save
    /// those of the protocol (<see cref="StompMessage.HeadersDropped"/>): a message that ended the connection would come again
    /// after each reconnect. Any other frame beyond it ends the connection.
    /// </summary>
    public int MaxHeaders { get; init; } = 256;

    /// <summary>Bytes of the header lines of one frame.</summary>
    public int MaxHeaderBytes { get; init; } = 64 * 1024;

    /// <summary>Bytes of a body. A larger one is skipped and its message handed on as <see cref="StompMessage.BodyTooLarge"/>.</summary>
    public int MaxBodyBytes { get; init; } = 1024 * 1024;

    /// <summary>Messages that wait for the handler before the connection is read no further.</summary>
    public int MaxWaitingMessages { get; init; } = 1024;

    /// <summary>Bytes of bodies that wait for the handler before the connection is read no further.</summary>
    public int MaxWaitingBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes written by callers and not yet taken by the socket before a caller has to wait.</summary>
    public int MaxUnsentBytes { get; init; } = 1024 * 1024;
}
