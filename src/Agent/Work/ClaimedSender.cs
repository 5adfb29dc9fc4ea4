using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

/// <summary>
/// The key of a right signature; else the login that the broker vouches for; else who the message itself says asked; all who say nothing
/// are one sender. The third is a label that anybody may write: it holds off a page that has run wild, not somebody who means harm.
/// </summary>
internal sealed class ClaimedSender : ISenderIdentity
{
    public string Of(OpsMessage message) => message switch
    {
        { Signature.KeyId: var key } => $"key {key}",
        { BrokerUser: { Length: > 0 } login } => $"login {login}",
        { RequestedBy: { Length: > 0 } label } => $"label {label}",
        _ => "nobody named",
    };
}
