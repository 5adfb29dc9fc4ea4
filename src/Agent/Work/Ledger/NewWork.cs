using System.Security.Cryptography;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>A valid request at the ledger's door.</summary>
internal sealed record NewWork(OpsMessage Message, byte[] Body, WorkRequest Work, long Now)
{
    /// <summary>The request that an operator had run again by this one; null: none.</summary>
    public string? RetryOf { get; init; }

    /// <summary>Who it is counted against; null if nobody is proven and its type has no limit by sender.</summary>
    public string? Sender { get; init; }

    /// <summary>When the frame came, in ms unix UTC.</summary>
    public long ReceivedAt => Message.ReceivedAt.ToUnixTimeMilliseconds();

    /// <summary>Two bodies are the same if their bytes are.</summary>
    public byte[] BodyHash { get; } = SHA256.HashData(Body);
}
