using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work.Holds;

/// <summary>A type whose work waits, since something that it needs is not there.</summary>
/// <param name="MsgType">The type.</param>
/// <param name="Lane">Where it waits.</param>
/// <param name="Cause">What it waits for.</param>
/// <param name="Reason">One line, with what to do about it.</param>
/// <param name="Since">When it began.</param>
/// <param name="MaxHold">How long one request waits for it at most; null: as long as its age allows.</param>
/// <param name="Began">The same as Since by a clock that nobody sets; null if it began in an earlier run of the agent.</param>
internal sealed record HeldType(
    MsgType MsgType, LaneName Lane, HoldCause Cause, string Reason, DateTimeOffset Since, TimeSpan? MaxHold = null,
    long? Began = null);

/// <summary>What held work waits for.</summary>
internal enum HoldCause
{
    /// <summary>A credential: there, in the right hands, and good for long enough.</summary>
    Credential = 0,

    /// <summary>That it is known who holds the queue.</summary>
    Queue = 1,
}
