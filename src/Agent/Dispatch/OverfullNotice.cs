using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Dispatch;

/// <summary>
/// Tells of a refusal that could not go through the ledger, because the ledger is what stands still: published once,
/// directly, and logged at most once a second.
/// </summary>
/// <param name="bus">Where it is published.</param>
/// <param name="settledTopic">The settlements' topic; empty: only logged.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class OverfullNotice(IMessageBus bus, string settledTopic, TimeProvider time, ILogger<OverfullNotice> logger)
{
    private static readonly TimeSpan Expiry = TimeSpan.FromMinutes(10);

    private long _refused;
    private long _lastLogged;

    /// <summary>How many were refused so.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    public void Publish(Refusal refusal)
    {
        var count = Interlocked.Increment(ref _refused);
        var now = time.GetTimestamp();
        var last = Interlocked.Read(ref _lastLogged);
        if ((last == 0 || time.GetElapsedTime(last, now) >= TimeSpan.FromSeconds(1)) && Interlocked.CompareExchange(ref _lastLogged, now, last) == last)
        {
            LogRefused(count);
        }

        if (settledTopic.Length > 0)
        {
            _ = PublishAsync(refusal);
        }
    }

    private async Task PublishAsync(Refusal refusal)
    {
        var body = new JsonObject
        {
            ["msg_type"] = "ops_request_settled",
            ["settlement_id"] = Guid.CreateVersion7().ToString("N"),
            ["request_id"] = refusal.RequestId.Value,
            ["request_type"] = refusal.RequestType,
            ["outcome"] = "rejected",
            ["reason"] = refusal.Reason,
            ["requested_by"] = refusal.RequestedBy,
        };
        try
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(body.ToJsonString());
            await bus.SendAsync(new OutgoingMessage(settledTopic, bytes, Persistent: false, time.GetUtcNow() + Expiry), CancellationToken.None);
        }
        catch (BusUnavailableException e)
        {
            // There is no ledger to keep it in and no broker to tell it to: the log is what remains.
            LogNotPublished(e, refusal.RequestId);
        }
    }

    [LoggerMessage(1102, LogLevel.Error, "the ledger has been standing still for too long: {Count} requests refused so far, oldest first")]
    private partial void LogRefused(long count);

    [LoggerMessage(1103, LogLevel.Warning, "the refusal of {RequestId} could not be published")]
    private partial void LogNotPublished(Exception error, OpsAgent.Abstractions.RequestId requestId);
}
