using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Dispatch.Signing;

/// <summary>Nonces of control requests that this process has answered, each with the delivery that brought it; the oldest go first.</summary>
internal sealed class HeardNonces
{
    private const int Most = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string KeyId, string Nonce), DeliveryId?> _byNonce = [];
    private readonly Queue<(string KeyId, string Nonce)> _oldestFirst = new();

    /// <summary>What it is if its nonce was heard before: the same delivery again, or a replay; null if it was not.</summary>
    public Admission? Find(OpsMessage message)
    {
        lock (_gate)
        {
            return _byNonce.TryGetValue(Key(message), out var delivery) ? Again(message, delivery) : null;
        }
    }

    /// <summary>Accepted by the first that brings a nonce; to others what <see cref="Find"/> says.</summary>
    public Admission Add(OpsMessage message)
    {
        var key = Key(message);
        lock (_gate)
        {
            if (_byNonce.TryGetValue(key, out var delivery))
            {
                return Again(message, delivery);
            }

            _byNonce.Add(key, message.DeliveryId);
            _oldestFirst.Enqueue(key);
            if (_oldestFirst.Count > Most)
            {
                _byNonce.Remove(_oldestFirst.Dequeue());
            }

            return new Admission(AdmissionKind.Accepted);
        }
    }

    private static Admission Again(OpsMessage message, DeliveryId? delivery) =>
        delivery is not null && delivery == message.DeliveryId
            ? new Admission(AdmissionKind.KnownDelivery)
            : new Admission(AdmissionKind.Replayed, Reason: NonceTable.Replay);

    private static (string KeyId, string Nonce) Key(OpsMessage message) => (message.Signature!.KeyId, message.Signature.Nonce);
}
