namespace OpsAgent.Agent.Monitor;

/// <summary>A call to a REST service of the facility, on its way.</summary>
internal sealed record RestRow
{
    /// <summary>Its place in the outbox; 0 until it is stored.</summary>
    public long Id { get; init; }

    /// <summary>The request that it tells of; null: of none.</summary>
    public string? RequestId { get; init; }

    public string Method { get; init; } = "POST";

    /// <summary>A path below the service's base URL, so that what waits follows a service that moves.</summary>
    public required string Url { get; init; }

    /// <summary>JSON in ASCII.</summary>
    public required byte[] Body { get; init; }

    /// <summary>True for what is dropped for want of room only when nothing else is left, and then not silently.</summary>
    public bool Keep { get; init; }

    /// <summary>From when on it is worth nothing, in ms unix UTC; null: never.</summary>
    public long? Deadline { get; init; }

    /// <summary>In ms unix UTC.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>What the record of a rejection spent; null: nothing. Not stored.</summary>
    public RejectionTake? Take { get; init; }
}
