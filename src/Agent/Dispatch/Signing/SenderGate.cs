using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Handlers;

namespace OpsAgent.Agent.Dispatch.Signing;

/// <summary>
/// Says whether whoever sent a request may ask for it. On the receive path: from memory alone. Whether a nonce was used before only
/// the ledger can say, in the transaction that uses it.
/// </summary>
internal sealed class SenderGate(ISenderRules rules, ISigningKeys keys, SenderGateOptions options)
{
    /// <summary>Completes when signatures can be told right from wrong.</summary>
    public Task CanTell => keys.AreOn ? keys.Known : Task.CompletedTask;

    /// <summary>False for a signed request before the keys have been looked at: it has to wait for <see cref="CanTell"/>.</summary>
    public bool CanJudge(Delivery delivery) =>
        CanTell.IsCompleted || delivery.HeadersDropped || (SignatureHeaders.TryRead(delivery.Headers, out var fault) is null && fault is null);

    /// <summary>Lets a request in, or says why not.</summary>
    /// <param name="delivery">What came.</param>
    /// <param name="message">What was read of it.</param>
    /// <param name="admitted">The message with its signature, if it has a right one, though it may be refused.</param>
    /// <param name="reason">Why it is refused; empty if it is not.</param>
    public bool Admits(Delivery delivery, OpsMessage message, out OpsMessage admitted, out string reason)
    {
        admitted = message;
        reason = "";
        if (message.MsgType == HealthPing.Type)
        {
            return true;
        }

        if (keys.AreOn)
        {
            admitted = Signed(delivery, message, out reason);
            if (reason.Length > 0)
            {
                return false;
            }
        }

        var rule = rules.Of(message.MsgType);
        reason = rule.Signed && admitted.Signature is null ? $"{message.MsgType} needs a signature"
            : !rule.Lists(delivery.BrokerUser, admitted.Signature?.KeyId) ? $"this sender may not ask for {message.MsgType}"
            : "";
        return reason.Length == 0;
    }

    /// <summary>The message itself if it is not signed, or not rightly, which the reason tells; else with its signature.</summary>
    private OpsMessage Signed(Delivery delivery, OpsMessage message, out string reason)
    {
        reason = "";
        if (delivery.HeadersDropped)
        {
            // What was dropped may have been one of ours, repeated: nothing in such a frame says who sent it.
            return message;
        }

        var headers = SignatureHeaders.TryRead(delivery.Headers, out var fault);
        reason = fault ?? "";
        if (headers is null)
        {
            return message;
        }

        reason = Wrong(delivery, headers);
        if (reason.Length > 0)
        {
            return message;
        }

        reason = Late(delivery, headers);
        return message with { Signature = new MessageSignature(headers.KeyId, headers.Nonce, headers.SignedAt) };
    }

    private string Wrong(Delivery delivery, SignatureHeaders headers)
    {
        if (keys.Find(headers.KeyId) is not { } key)
        {
            return $"it is signed with {headers.KeyId}, which is no key of this agent's";
        }

        return headers.IsRight(key.Secret, options.Destination, delivery.Body.Span) ? "" : "its signature is not right for this key, queue, time, nonce and body";
    }

    private string Late(Delivery delivery, SignatureHeaders headers)
    {
        var apart = (delivery.SentAt ?? delivery.ReceivedAt) - headers.SignedAt;
        return apart.Duration() > options.Window
                ? $"it was signed {apart.TotalSeconds:0} s before it was sent: at most {options.Window.TotalSeconds:0} s"
            : delivery.ReceivedAt - headers.SignedAt > SenderGateOptions.Oldest ? "it was signed too long ago to tell whether it was used before"
            : "";
    }
}
