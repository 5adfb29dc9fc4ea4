using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

/// <summary>A type whose work is accepted but not started.</summary>
/// <param name="MsgType">The type.</param>
/// <param name="By">Who asked for it: a user's name.</param>
/// <param name="Uid">The same as the kernel said.</param>
/// <param name="Since">When it was first paused; a pause that is repeated keeps it.</param>
/// <param name="Reason">One line; may be empty.</param>
internal sealed record PausedType(MsgType MsgType, string By, uint Uid, DateTimeOffset Since, string Reason);
