using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Bus;

namespace OpsAgent.Agent.Dispatch;

/// <summary>
/// Holds deliveries un-acked until the ledger has them. While the ledger can't commit they wait here; while it is not there yet, and
/// while draining, they wait without being offered to it. The broker takes back what is still here at DISCONNECT. When the window
/// overflows, the oldest is withdrawn from the ledger's queue and refused directly.
/// </summary>
internal sealed partial class HoldingWindow(
    IDeliverySource bus, OverfullNotice notice, HoldingLimits limits, TimeProvider time, ILogger<HoldingWindow> logger)
{
    private static readonly TimeSpan BeforeNextTry = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly LinkedList<HeldDelivery> _held = new();
    private long _bytes;
    private bool _holding;

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
        List<(HeldDelivery Delivery, bool Storing)>? overfull = null;
        lock (_gate)
        {
            delivery.Place = _held.AddLast(delivery);
            _bytes += delivery.Bytes;
            store = delivery.Storing = !_holding;
            // One that is larger than all of it goes too: it would keep a byte window shut, and pings out, by itself.
            while (_held.Count > limits.Count || _bytes > limits.Bytes)
            {
                var oldest = _held.First!.Value;
                Remove(oldest);
                (overfull ??= []).Add((oldest, oldest.Storing));
            }
        }

        if (store)
        {
            _ = StoreAsync(delivery);
        }

        overfull?.ForEach(o => Overflow(o.Delivery, o.Storing));
    }

    /// <summary>From here on nothing more is offered to the ledger.</summary>
    public void StartHolding()
    {
        lock (_gate)
        {
            _holding = true;
        }
    }

    /// <summary>Offers what was held, oldest first, and from here on what comes.</summary>
    public void StopHolding()
    {
        List<HeldDelivery> waiting;
        lock (_gate)
        {
            _holding = false;
            waiting = [.. _held.Where(d => !d.Storing)];
            waiting.ForEach(d => d.Storing = true);
        }

        foreach (var delivery in waiting)
        {
            _ = StoreAsync(delivery);
        }
    }

    /// <summary>
    /// The connection is gone, and the broker will deliver again what was not acked: what is held is let go without a word, so that
    /// a delivery and its own redelivery are never held beside each other.
    /// </summary>
    public void ConnectionLost()
    {
        List<HeldDelivery> orphans;
        lock (_gate)
        {
            orphans = [.. _held];
            _held.Clear();
            _bytes = 0;
            orphans.ForEach(o => o.Orphaned = true);
        }

        // Withdrawn or not: one that is being committed just now is known when it comes again.
        orphans.ForEach(o => o.Withdraw());
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
            if (!delivery.Orphaned)
            {
                RefuseDirectly(delivery);
            }
        }
        catch (Exception e)
        {
            // Neither stored nor refused: it stays un-acked, and is offered again, since the broker delivers it again only when the
            // connection ends.
            LogNotStored(e, delivery.RequestId);
            await OfferAgainAsync(delivery);
        }
    }

    private async Task OfferAgainAsync(HeldDelivery delivery)
    {
        bool overflowed;
        lock (_gate)
        {
            delivery.Storing = false;
            overflowed = !delivery.Orphaned && delivery.Place is not { List: not null };
        }

        if (overflowed)
        {
            // It had to make room while it was being stored, and it is for this side to tell.
            RefuseDirectly(delivery);
            return;
        }

        await Task.Delay(BeforeNextTry, time);
        lock (_gate)
        {
            if (_holding || delivery.Storing || delivery.Place is not { List: not null })
            {
                // Offered by somebody else, or not held any more.
                return;
            }

            delivery.Storing = true;
        }

        await StoreAsync(delivery);
    }

    /// <param name="delivery">Not held any more.</param>
    /// <param name="storing">Whether it was being stored when it was taken out: then whoever stores it tells what became of it.</param>
    private void Overflow(HeldDelivery delivery, bool storing)
    {
        if (storing)
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

    [LoggerMessage(1101, LogLevel.Error, "request {RequestId} could not be stored; it is held and tried again")]
    private partial void LogNotStored(Exception error, OpsAgent.Abstractions.RequestId requestId);
}
