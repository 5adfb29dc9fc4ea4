using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work.Holds;

/// <summary>Judges what a type's doer is lent, right before it is started.</summary>
internal interface ICredentialGate
{
    /// <summary>Why none is to be started now; null: nothing stands in the way. It never throws, and blocks nobody.</summary>
    ValueTask<CredentialHold?> JudgeAsync(MsgType msgType);
}

/// <summary>A credential that is over, missing or in the wrong hands.</summary>
/// <param name="Reason">One line: which, why, and what to do.</param>
/// <param name="MaxHold">How long a request waits for it at most.</param>
internal sealed record CredentialHold(string Reason, TimeSpan MaxHold);

/// <summary>Where nothing is lent that could be judged.</summary>
internal sealed class OpenGate : ICredentialGate
{
    public ValueTask<CredentialHold?> JudgeAsync(MsgType msgType) => default;
}
