namespace OpsAgent.Abstractions;

/// <summary>
/// A file system of a run's own, read-only but for what is named here, and process ids of its own. Paths are absolute, or begin with
/// <c>{tmp}</c>, the cache folder, or <c>{home}</c>.
/// </summary>
public sealed record DoerSandbox
{
    /// <summary>Makes it; of the package bubblewrap.</summary>
    public const string Program = "/usr/bin/bwrap";

    /// <summary>Seen though it is beneath what every sandbox hides: homes, temporary folders, the agent's state.</summary>
    public IReadOnlyList<string> Readable { get; init; } = [];

    /// <summary>Seen, and may be written.</summary>
    public IReadOnlyList<string> Writable { get; init; } = [];

    /// <summary>Not seen.</summary>
    public IReadOnlyList<string> Hidden { get; init; } = [];

    /// <summary>The files of credentials that the run is lent, there or not; seen. Absolute.</summary>
    public IReadOnlyList<string> Lent { get; init; } = [];

    /// <summary>The same for those that their users renew in their folder: seen, and file and folder may be written.</summary>
    public IReadOnlyList<string> Renewed { get; init; } = [];

    /// <summary>The files of credentials that the run is not lent, there or not; not seen. Absolute.</summary>
    public IReadOnlyList<string> Withheld { get; init; } = [];

    /// <summary>False: not even the loopback of the host.</summary>
    public bool HasNetwork { get; init; }
}
