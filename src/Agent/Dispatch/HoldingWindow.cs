using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Dispatch;

/// <summary>
/// Holds deliveries un-acked until the ledger has them. While the ledger can't commit they wait here, and while draining they
/// wait without being offered to it; the broker takes back what is still here at DISCONNECT. When it overflows, the oldest is
/// withdrawn from the ledger's queue and refused directly.
/// </summary>
internal sealed partial class HoldingWindow(
    IDeliverySource bus, OverfullNotice notice, HoldingLimits limits, ILogger<HoldingWindow> logger)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<HeldDelivery> _held = new();
    private long _bytes;
    private bool _draining;

    /// <summary>Deliveries held now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _held.Count;
            }
        }
    }

    public void Hold(HeldDelivery delivery)
    {
        bool store;
        List<HeldDelivery>? overfull = null;
        lock (_gate)
        {
            delivery.Place = _held.AddLast(delivery);
            _bytes += delivery.Bytes;
            store = delivery.Storing = !_draining;
            while (_held.Count > limits.Count || (_bytes > limits.Bytes && _held.Count > 1))
            {
                var oldest = _held.First!.Value;
                Remove(oldest);
                (overfull ??= []).Add(oldest);
            }
        }

        if (store)
        {
            _ = StoreAsync(delivery);
        }

        overfull?.ForEach(Overflow);
    }

    /// <summary>From here on nothing more is offered to the ledger.</summary>
    public void StartDraining()
    {
        lock (_gate)
        {
            _draining = true;
        }
    }

    private async Task StoreAsync(HeldDelivery delivery)
    {
        try
        {
            await delivery.Store(delivery.Withdrawn);
            Release(delivery);
        }
        catch (OperationCanceledException) when (delivery.Withdrawn.IsCancellationRequested)
        {
            RefuseDirectly(delivery);
        }
        catch (Exception e)
        {
            // Neither stored nor refused: it stays un-acked, so the broker delivers it again. Losing the ack is the safe side.
            LogNotStored(e, delivery.RequestId);
        }
    }

    private void Overflow(HeldDelivery delivery)
    {
        if (delivery.Storing)
        {
            delivery.Withdraw();
        }
        else
        {
            RefuseDirectly(delivery);
        }
    }

    private void RefuseDirectly(HeldDelivery delivery)
    {
        bus.Ack(delivery.Delivery);
        notice.Publish(delivery.IfOverfull);
        delivery.Dispose();
    }

    private void Release(HeldDelivery delivery)
    {
        lock (_gate)
        {
            Remove(delivery);
        }

        bus.Ack(delivery.Delivery);
        delivery.Dispose();
    }

    private void Remove(HeldDelivery delivery)
    {
        if (delivery.Place is { List: not null } place)
        {
            _held.Remove(place);
            _bytes -= delivery.Bytes;
        }
    }

    [LoggerMessage(1101, LogLevel.Error, "request {RequestId} could not be stored; it is left with the broker")]
    private partial void LogNotStored(Exception error, OpsAgent.Abstractions.RequestId requestId);
}
