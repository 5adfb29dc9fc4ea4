using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

/// <summary>Types whose work is accepted but not started. A change outlives restarts of the agent.</summary>
internal interface IPauses
{
    /// <summary>What is paused, by type; from memory.</summary>
    IReadOnlyList<PausedType> All { get; }

    /// <summary>Pauses a type once it is on disk; what has begun goes on. One that is paused gets the new reason.</summary>
    /// <param name="msgType">The type.</param>
    /// <param name="by">A user's name.</param>
    /// <param name="uid">The same as the kernel said.</param>
    /// <param name="reason">Cut to one line of 300 characters.</param>
    /// <param name="cancellationToken">Withdraws the change if it is not being committed.</param>
    Task<PausedType> PauseAsync(MsgType msgType, string by, uint uid, string reason, CancellationToken cancellationToken);

    /// <summary>Lets a type's work start again. Null if it was not paused.</summary>
    Task<PausedType?> ResumeAsync(MsgType msgType, CancellationToken cancellationToken);
}
