using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Dispatch;

/// <summary>
/// Tells of a refusal that could not go through the ledger, because the ledger is what stands still: its settlement is published
/// once, directly (those without a caller's id at most ten a second, the rest counted in the next), and it is logged at most once a
/// second. The capability's own event is left out: it is kept in the ledger until it is confirmed, and there is none.
/// </summary>
internal sealed partial class OverfullNotice(IMessageBus bus, EventComposer composer, TimeProvider time, ILogger<OverfullNotice> logger)
{
    private const int ASecond = 10;
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private RefusalAllowance _allowance = new(ASecond);
    private long _refused;
    private long? _logged;

    /// <summary>How many were refused so.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    public void Publish(Refusal refusal)
    {
        var count = Interlocked.Increment(ref _refused);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var since = time.GetTimestamp();
        var suppressed = 0;
        bool log, publish;
        lock (_gate)
        {
            log = _logged is not { } last || time.GetElapsedTime(last, since) >= BetweenLines;
            _logged = log ? since : _logged;
            publish = refusal.HasCallersRequestId || _allowance.TryTake(now, out suppressed);
        }

        if (log)
        {
            LogRefused(count);
        }

        if (publish && composer.Compose(SettlementOf(refusal, suppressed), now) is { } settlement)
        {
            _ = SendAsync(settlement, refusal.RequestId);
        }
    }

    private static Settlement SettlementOf(Refusal refusal, int suppressed) => new()
    {
        RequestId = refusal.RequestId.Value,
        RequestType = refusal.RequestType,
        Outcome = Outcome.Rejected,
        Reason = refusal.Reason,
        RequestedBy = refusal.RequestedBy,
        Suppressed = suppressed,
    };

    private async Task SendAsync(OutboxRow row, RequestId requestId)
    {
        try
        {
            DateTimeOffset? expires = row.ExpiresAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
            await bus.SendAsync(new OutgoingMessage(row.Destination, row.Body, row.Persistent, expires), CancellationToken.None);
        }
        catch (BusUnavailableException e)
        {
            // There is no ledger to keep it in and no broker to tell it to: the log is what remains.
            LogNotPublished(e, requestId);
        }
    }

    [LoggerMessage(1102, LogLevel.Error, "the ledger has been standing still for too long: {Count} requests refused so far, oldest first")]
    private partial void LogRefused(long count);

    [LoggerMessage(1103, LogLevel.Warning, "the refusal of {RequestId} could not be published")]
    private partial void LogNotPublished(Exception error, OpsAgent.Abstractions.RequestId requestId);
}
