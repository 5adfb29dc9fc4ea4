namespace OpsAgent.Agent.Launching;

/// <summary>What one look found of a tree.</summary>
internal sealed class TreeScan
{
    /// <summary>Members that can still run.</summary>
    public List<ProcStat> Living { get; } = [];

    /// <summary>Members that only wait to be reaped.</summary>
    public List<ProcStat> Dead { get; } = [];

    /// <summary>True if a process could not be asked for its mark at this moment, so that nothing found proves nothing.</summary>
    public bool IsUndetermined { get; set; }

    /// <summary>True if nothing of it runs, as far as this look can say.</summary>
    public bool IsEmpty => Living.Count == 0 && !IsUndetermined;
}
