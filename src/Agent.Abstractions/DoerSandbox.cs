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

    /// <summary>
    /// Where credentials are that the run is not lent, which are not seen: the names of variables that point at them, and paths,
    /// absolute or below the home folder by <c>~/</c>.
    /// </summary>
    public IReadOnlyList<string> Withheld { get; init; } = [];

    /// <summary>False: not even the loopback of the host.</summary>
    public bool HasNetwork { get; init; }
}
