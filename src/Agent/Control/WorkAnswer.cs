using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Control;

/// <summary>One request, as GET /v1/work and /v1/work/{id} show it; absent members have no value.</summary>
internal sealed record WorkAnswer
{
    public required string RequestId { get; init; }

    public required string MsgType { get; init; }

    public required string State { get; init; }

    public required string Lane { get; init; }

    public string? DedupKey { get; init; }

    public string? DeliveryId { get; init; }

    public string? RequestedBy { get; init; }

    public string? Sender { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }

    public required int Attempts { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public int? Pid { get; init; }

    public string? Program { get; init; }

    public string? ProgramHash { get; init; }

    public string? Outcome { get; init; }

    public required string Reason { get; init; }

    public int? ExitCode { get; init; }

    public long? DurationMs { get; init; }

    public int? Survivors { get; init; }

    public string? DuplicateOf { get; init; }

    public string? RetryOf { get; init; }

    public DateTimeOffset? DoubtAt { get; init; }

    /// <summary>Look-ups in vain; absent for none.</summary>
    public int? Looks { get; init; }

    public DateTimeOffset? LookedAt { get; init; }

    public string? Looked { get; init; }

    /// <summary>The body as received, as text; absent in lists and once it is no longer kept.</summary>
    public string? Body { get; init; }

    /// <summary>The row as the wire spells it.</summary>
    public static WorkAnswer Of(WorkRow row) => new()
    {
        RequestId = row.RequestId.Value,
        MsgType = row.MsgType.Value,
        State = row.State,
        Lane = row.Lane,
        DedupKey = row.DedupKey,
        DeliveryId = row.DeliveryId,
        RequestedBy = row.RequestedBy,
        Sender = row.Sender,
        SentAt = row.SentAt,
        ReceivedAt = row.ReceivedAt,
        StartedAt = row.StartedAt,
        SettledAt = row.SettledAt,
        Attempts = row.Attempts,
        NotBefore = row.NotBefore,
        Pid = row.Pid,
        Program = row.Program,
        ProgramHash = row.ProgramHash,
        Outcome = row.Outcome?.ToWire(),
        Reason = row.Reason,
        ExitCode = row.ExitCode,
        DurationMs = row.DurationMs,
        Survivors = row.Survivors,
        DuplicateOf = row.DuplicateOf,
        RetryOf = row.RetryOf,
        DoubtAt = row.DoubtAt,
        Looks = row.Looks > 0 ? row.Looks : null,
        LookedAt = row.LookedAt,
        Looked = row.Looked,
        Body = row.Body,
    };
}
