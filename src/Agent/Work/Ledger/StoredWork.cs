using System.Text.Json;
using Microsoft.Data.Sqlite;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>A row of work as it is needed to run, recover or cancel it.</summary>
internal sealed record StoredWork
{
    public const string Columns = """
        id, request_id, callers_id, delivery_id, msg_type, body, lane, recovery, state, attempts, retries, unended,
        pid, pid_start, boot_id, program, program_hash, requested_by, sent_at, received_at, retry_of, held_at
        """;

    public required long Id { get; init; }

    public required RequestId RequestId { get; init; }

    public required bool HasCallersRequestId { get; init; }

    public DeliveryId? DeliveryId { get; init; }

    public required MsgType MsgType { get; init; }

    /// <summary>As received; empty once it is no longer kept.</summary>
    public required byte[] Body { get; init; }

    public required LaneName Lane { get; init; }

    /// <summary>As it was when it was accepted or last started.</summary>
    public required RecoveryPolicy Recovery { get; init; }

    public required WorkState State { get; init; }

    public required int Attempts { get; init; }

    /// <summary>How often its doer asked to be tried again.</summary>
    public required int Retries { get; init; }

    /// <summary>Starts in a row that nobody saw the end of.</summary>
    public required int Unended { get; init; }

    /// <summary>The process of its last start; null if it never got as far.</summary>
    public RunningProcess? Process { get; init; }

    public string? RequestedBy { get; init; }

    /// <summary>The request that an operator had run again by this one; null: none.</summary>
    public string? RetryOf { get; init; }

    /// <summary>When it was last told that it waits for a credential; null: never.</summary>
    public DateTimeOffset? HeldAt { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The request as its handler saw it first.</summary>
    public OpsMessage ToMessage()
    {
        using var document = JsonDocument.Parse(Body);
        return new OpsMessage
        {
            MsgType = MsgType,
            RequestId = RequestId,
            HasCallersRequestId = HasCallersRequestId,
            DeliveryId = DeliveryId,
            Body = document.RootElement.Clone(),
            SentAt = SentAt,
            ReceivedAt = ReceivedAt,
            RequestedBy = RequestedBy,
        };
    }

    /// <summary>Reads a row of <see cref="Columns"/>.</summary>
    public static StoredWork Read(SqliteDataReader row) => new()
    {
        Id = row.GetInt64(0),
        RequestId = new RequestId(row.GetString(1)),
        HasCallersRequestId = row.GetInt64(2) != 0,
        DeliveryId = row.IsDBNull(3) ? null : new DeliveryId(row.GetString(3)),
        MsgType = new MsgType(row.GetString(4)),
        Body = row.IsDBNull(5) ? [] : (byte[])row.GetValue(5),
        Lane = new LaneName(row.GetString(6)),
        Recovery = (RecoveryPolicy)row.GetInt32(7),
        State = (WorkState)row.GetInt32(8),
        Attempts = row.GetInt32(9),
        Retries = row.GetInt32(10),
        Unended = row.GetInt32(11),
        Process = row.IsDBNull(12)
            ? null
            : new RunningProcess(row.GetInt32(12), row.GetInt64(13), row.GetString(14), row.GetString(15), row.GetString(16)),
        RequestedBy = row.Text(17),
        SentAt = row.Time(18),
        ReceivedAt = row.Time(19)!.Value,
        RetryOf = row.Text(20),
        HeldAt = row.Time(21),
    };
}
