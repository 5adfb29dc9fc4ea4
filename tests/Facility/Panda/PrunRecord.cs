namespace OpsAgent.Tests.Facility.Panda;

/// <summary>What one run of the stand-in prun was given.</summary>
public sealed record PrunRecord
{
    /// <summary>Its arguments, without its name.</summary>
    public IReadOnlyList<string> Argv { get; init; } = [];

    /// <summary>Its working directory.</summary>
    public string Cwd { get; init; } = "";

    /// <summary>That folder's mode, for example 0o700.</summary>
    public string Mode { get; init; } = "";

    /// <summary>What was in it.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Its environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Its stdin ended at once.</summary>
    public bool StdinIsEmpty { get; init; }

    /// <summary>Its pid.</summary>
    public int Pid { get; init; }

    /// <summary>The pid of who has started it.</summary>
    public int ParentPid { get; init; }
}
