namespace OpsAgent.Agent.Launching;

/// <summary>What a look for a mark found.</summary>
internal enum MarkFinding
{
    /// <summary>It does not carry the mark, or may not be asked.</summary>
    Absent = 0,

    /// <summary>It carries the mark.</summary>
    Present = 1,

    /// <summary>It can't be said at this moment: it is in the middle of execve. Look again.</summary>
    Undetermined = 2,
}
