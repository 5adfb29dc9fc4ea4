namespace OpsAgent.Doers.Facility.Panda;

/// <summary>How the panda client's environment is had.</summary>
public sealed record PandaClientOptions
{
    /// <summary>The script whose sourcing sets it up.</summary>
    public required string Setup { get; init; }

    /// <summary>The value of <c>PANDA_AUTH_VO</c>.</summary>
    public required string AuthVo { get; init; }

    /// <summary>How long the sourcing may take.</summary>
    public TimeSpan SetupLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What the sourcing starts from: of our own environment what a login would have, and no credential of ours.</summary>
    public required IReadOnlyDictionary<string, string> Base { get; init; }
}
