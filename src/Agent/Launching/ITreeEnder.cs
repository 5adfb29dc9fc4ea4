namespace OpsAgent.Agent.Launching;

/// <summary>
/// Ends all processes of a tree: what has a cgroup by that, and all that a scan of /proc finds to belong to it, cgroup or not.
/// </summary>
internal interface ITreeEnder
{
    /// <summary>SIGTERM to the leader's session, the grace, then SIGKILL to all of the tree until nothing of it is left.</summary>
    /// <param name="tree">What is to end.</param>
    /// <param name="leaderExited">Completes with the leader; null if no leader is known.</param>
    /// <param name="grace">Between SIGTERM and SIGKILL; zero: no SIGTERM.</param>
    Task<EndReport> EndAsync(ProcessTree tree, Task? leaderExited, TimeSpan grace);
}

/// <summary>What became of a tree.</summary>
/// <param name="Ended">Processes that were signalled and are gone, the leader among them if it was alive.</param>
/// <param name="Survivors">Processes that could not be ended.</param>
internal readonly record struct EndReport(int Ended, int Survivors);
