namespace OpsAgent.Agent.Events;

/// <summary>A message on its way to a topic.</summary>
internal sealed record OutboxRow
{
    /// <summary>Its place in the outbox; 0 until it is stored.</summary>
    public long Id { get; init; }

    /// <summary>The same at every sending, so that a reader can tell a repetition.</summary>
    public required string EventId { get; init; }

    public required string RequestId { get; init; }

    public required string Destination { get; init; }

    /// <summary>JSON in ASCII.</summary>
    public required byte[] Body { get; init; }

    /// <summary>True for page events, false for settlements.</summary>
    public required bool Persistent { get; init; }

    /// <summary>When the broker may drop it, in ms unix UTC; null: never.</summary>
    public long? ExpiresAt { get; init; }

    /// <summary>In ms unix UTC.</summary>
    public required long CreatedAt { get; init; }
}
