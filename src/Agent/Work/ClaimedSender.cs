using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

/// <summary>
/// The login that the broker names (<c>JMSXUserID</c>), where it does; else who the message itself says asked; all who say nothing are
/// one sender. The second is a label that anybody may write: it holds off a page that has run wild, not somebody who means harm.
/// </summary>
internal sealed class ClaimedSender : ISenderIdentity
{
    public string Of(OpsMessage message) => message switch
    {
        { BrokerUser: { Length: > 0 } login } => $"login {login}",
        { RequestedBy: { Length: > 0 } label } => $"label {label}",
        _ => "nobody named",
    };
}
