using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>
/// Nonces that were used, each with the delivery that brought it. They go into the transaction of what they came with, so that none is
/// used up by a request that was lost, and none is free again for one that was not.
/// </summary>
internal static class NonceTable
{
    /// <summary>What a replay is told.</summary>
    public const string Replay = "its signature was used before: each sending needs one of its own";

    /// <summary>What is told to one that may have been used before there was this ledger.</summary>
    public const string TooOld = "it was signed before this agent's ledger was made, which can't tell whether it was used before";

    /// <summary>
    /// What is wrong if another message brought it, or may have; null if nothing is. To be asked after the delivery was found to be new: then
    /// the one that brought it is another.
    /// </summary>
    public static string? Fault(LedgerSession session, MessageSignature? signature) => signature is null ? null
        : session.Scalar("SELECT 1 FROM nonce WHERE key_id = $1 AND nonce = $2", signature.KeyId, signature.Nonce) is not null ? Replay
        : signature.SignedAt.ToUnixTimeMilliseconds() < session.OldestSignature ? TooOld
        : null;

    /// <summary>True if a signed message of that delivery was dealt with before.</summary>
    public static bool Knows(LedgerSession session, string deliveryId) =>
        session.Scalar("SELECT 1 FROM nonce WHERE delivery_id = $1", deliveryId) is not null;

    /// <summary>Uses it up; nothing for what is not signed.</summary>
    public static void Use(LedgerSession session, OpsMessage message, long now)
    {
        if (message.Signature is not { } signature)
        {
            return;
        }

        // Kept by whichever is later, so that a signer's clock that is ahead does not make it free too early.
        session.Execute(
            "INSERT OR IGNORE INTO nonce(key_id, nonce, delivery_id, kept_from) VALUES($1, $2, $3, $4)",
            signature.KeyId, signature.Nonce, message.DeliveryId?.Value, Math.Max(now, signature.SignedAt.ToUnixTimeMilliseconds()));
    }

    /// <summary>Forgets some that are older than rows are kept; how many.</summary>
    public static int Prune(LedgerSession session, long before, int most) => session.Execute(
        "DELETE FROM nonce WHERE rowid IN (SELECT rowid FROM nonce WHERE kept_from < $1 ORDER BY kept_from LIMIT $2)", before, most);
}
