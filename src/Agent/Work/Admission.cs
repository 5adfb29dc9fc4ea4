using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

/// <summary>What the ledger said of a delivery.</summary>
/// <param name="Kind">Which rule decided.</param>
/// <param name="DuplicateOf">The request that it duplicates, when <paramref name="Kind"/> is Skipped.</param>
/// <param name="Reason">Why it was refused, when <paramref name="Kind"/> is Rejected.</param>
internal readonly record struct Admission(AdmissionKind Kind, RequestId? DuplicateOf = null, string Reason = "");

/// <summary>The ways a delivery can go through the ledger; each means that it may be acked.</summary>
internal enum AdmissionKind
{
    /// <summary>New work, queued.</summary>
    Accepted = 0,

    /// <summary>The same broker message again: settled before, nothing is published.</summary>
    KnownDelivery = 1,

    /// <summary>Settled as skipped: the same request again, or the same work already queued, running or in doubt.</summary>
    Skipped = 2,

    /// <summary>Settled as rejected.</summary>
    Rejected = 3,

    /// <summary>Its signature was used before by another message. Not settled yet: whoever sent it again has no say in anything.</summary>
    Replayed = 4,
}
