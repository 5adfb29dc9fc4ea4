using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>A delivery that is settled without becoming work.</summary>
internal sealed record RefusedDelivery
{
    public string? DeliveryId { get; init; }

    public required string RequestId { get; init; }

    public required bool HasCallersRequestId { get; init; }

    public required string MsgType { get; init; }

    /// <summary>Kept for what is skipped, so that the same request is known again.</summary>
    public byte[]? BodyHash { get; init; }

    /// <summary>Skipped or Rejected.</summary>
    public required Outcome Outcome { get; init; }

    public required string Reason { get; init; }

    public string? DuplicateOf { get; init; }

    public string? RequestedBy { get; init; }
}
