using OpsAgent.Abstractions;
using OpsAgent.Agent.Work.Holds;
using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Credentials;

namespace OpsAgent.Agent.Hosting;

/// <summary>
/// Judges the credentials of a capability by the manifest in force, each time anew. A file or a directory of users may be on a server
/// that hangs: each look has a thread of its own, so that the pool, on which pings are answered, loses none, and there is at most one
/// look for a type. Whoever waits for one that hangs is told so.
/// </summary>
internal sealed class CredentialGate(ManifestInForce manifest, CredentialJudge judge, TimeProvider time) : ICredentialGate
{
    /// <summary>How long a look may take, from its begin; the next one asked for while it hangs is not waited for at all.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<MsgType, CredentialLook> _looks = [];

    /// <inheritdoc/>
    public async ValueTask<CredentialHold?> JudgeAsync(MsgType msgType)
    {
        if (!manifest.Manifest.TryFind(msgType, out var capability)
            || capability.Definition.Credentials.All(static c => c.Kind == CredentialKind.Value))
        {
            return null;
        }

        var look = LookAt(capability);
        var left = Patience - time.GetElapsedTime(look.Began);
        try
        {
            return await look.Found.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        }
        catch (TimeoutException)
        {
            return Hold(capability, $"credentials could not be looked at within {Patience.TotalSeconds:0} s: see to the disk that they are on");
        }
    }

    private CredentialLook LookAt(Capability capability)
    {
        lock (_gate)
        {
            // One that was begun by another manifest says nothing of this one.
            if (!_looks.TryGetValue(capability.MsgType, out var look) || look.Found.IsCompleted || look.Capability != capability)
            {
                look = new CredentialLook(capability, time.GetTimestamp(), Task.Factory.StartNew(
                    () => Judge(capability), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
                _looks[capability.MsgType] = look;
            }

            return look;
        }
    }

    private CredentialHold? Judge(Capability capability)
    {
        foreach (var credential in capability.Definition.Credentials)
        {
            try
            {
                if (judge.Judge(credential) is { Holds: true } verdict)
                {
                    return Hold(capability, Reason(credential.Name, verdict.Problem, $": {verdict.Advice}"));
                }
            }
            catch (Exception e)
            {
                // Whatever it is, a request must not be lost by it. Its text may quote what it met.
                return Hold(capability, Reason(credential.Name, $"can't be judged: {e.GetType().Name}"));
            }
        }

        return null;
    }

    // In brackets: behind "..._token:" a path would be taken for the token, and be redacted wherever this is told.
    private static string Reason(string credential, string problem, string advice = "") => $"credential {credential} ({problem}){advice}";

    private static CredentialHold Hold(Capability capability, string reason) => new(reason, capability.Definition.MaxHold);
}

/// <summary>A look at what a capability is lent, under way or over.</summary>
/// <param name="Capability">Which, as its manifest has it.</param>
/// <param name="Began">A timestamp.</param>
/// <param name="Found">What it came to.</param>
internal sealed record CredentialLook(Capability Capability, long Began, Task<CredentialHold?> Found);
