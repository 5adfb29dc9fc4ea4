namespace OpsAgent.Stomp.Protocol;

/// <summary>A frame as it was read; it owns its memory.</summary>
internal sealed record StompFrame(StompCommand Command, StompHeaders Headers, ReadOnlyMemory<byte> Body)
{
    public bool BodyTooLarge { get; init; }

    public bool HeadersDropped { get; init; }

    /// <summary>Its length on the wire, with what was skipped or dropped of it.</summary>
    public long Bytes { get; set; }
}
