using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Dispatch.Signing;

/// <summary>
/// Uses up the signatures of requests that the agent itself answers, such as <c>shutdown</c>: in the ledger, or, where that can't commit,
/// in memory, since a stop must not depend on a disk that works. While the agent is stopping they are done with: one that went back to the
/// broker would end the next agent.
/// </summary>
internal sealed partial class SignedControl(
    IIntake intake, ILedgerState ledger, OperationalState state, SenderGateOptions options, TimeProvider time, ILogger<SignedControl> logger)
{
    /// <summary>So long the ledger is waited for while it says that it commits.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BeforeNextLook = TimeSpan.FromSeconds(1);

    private readonly HeardNonces _heard = new();

    /// <summary>As <see cref="IIntake.UseAsync"/>, but it completes also while the ledger does not, for what was signed just now.</summary>
    public async Task<Admission> UseAsync(OpsMessage message, CancellationToken cancellationToken)
    {
        Task<Admission>? use = null;
        while (true)
        {
            if (state.IsDraining)
            {
                LogDropped(message.MsgType, message.Signature!.KeyId);
                return new Admission(AdmissionKind.KnownDelivery);
            }

            if (_heard.Find(message) is { } before)
            {
                return before;
            }

            use ??= intake.UseAsync(message, cancellationToken);
            await Task.WhenAny(use, Task.Delay(ledger.CanCommit ? Patience : TimeSpan.Zero, time, cancellationToken));
            if (use.IsCompletedSuccessfully && await use is var admission)
            {
                return admission.Kind == AdmissionKind.Accepted ? _heard.Add(message) : admission;
            }

            if (use.IsFaulted)
            {
                // It could not even be offered, as before the ledger is open.
                LogNotUsed(use.Exception.GetBaseException(), message.MsgType);
                use = null;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (IsFresh(message))
            {
                LogFromMemory(message.MsgType, message.Signature!.KeyId);
                return _heard.Add(message);
            }

            await Task.Delay(BeforeNextLook, time, cancellationToken);
        }
    }

    /// <summary>By our own clock: what was used before this start is in the ledger alone, so an old one waits until that can tell.</summary>
    private bool IsFresh(OpsMessage message) => (time.GetUtcNow() - message.Signature!.SignedAt).Duration() <= options.Window;

    [LoggerMessage(1130, LogLevel.Warning, "a signed {MsgType} of {KeyId} came while the agent is stopping; dropped")]
    private partial void LogDropped(MsgType msgType, string keyId);

    [LoggerMessage(1131, LogLevel.Warning, "a signed {MsgType} of {KeyId} is answered though the ledger can't commit; its nonce is kept in memory")]
    private partial void LogFromMemory(MsgType msgType, string keyId);

    [LoggerMessage(1132, LogLevel.Debug, "the nonce of a signed {MsgType} can't go into the ledger now")]
    private partial void LogNotUsed(Exception error, MsgType msgType);
}
