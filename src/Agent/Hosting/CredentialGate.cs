using OpsAgent.Abstractions;
using OpsAgent.Agent.Work.Holds;
using OpsAgent.Capabilities.Credentials;

namespace OpsAgent.Agent.Hosting;

/// <summary>Judges the credentials of a capability by the manifest in force, each time anew.</summary>
internal sealed class CredentialGate(ManifestInForce manifest, CredentialJudge judge) : ICredentialGate
{
    public CredentialHold? Judge(MsgType msgType)
    {
        if (!manifest.Manifest.TryFind(msgType, out var capability))
        {
            return null;
        }

        foreach (var credential in capability.Definition.Credentials)
        {
            if (judge.Judge(credential) is { Holds: true } verdict)
            {
                return new CredentialHold(
                    $"credential {credential.Name}: {verdict.Problem}: {verdict.Advice}", capability.Definition.MaxHold);
            }
        }

        return null;
    }
}
