using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Bus;

namespace OpsAgent.Agent.Dispatch;

/// <summary>
/// Holds deliveries un-acked until the ledger has them. While the ledger can't commit they wait here; while it is not there yet, and
/// while draining, they wait without being offered to it. The broker takes back what is still here at DISCONNECT. When there are too
/// many and nothing is stored, the oldest are withdrawn from the ledger's queue and refused directly.
/// </summary>
internal sealed partial class HoldingWindow(
    IDeliverySource bus, OverfullNotice notice, HoldingLimits limits, TimeProvider time, ILogger<HoldingWindow> logger)
{
    /// <summary>
    /// Offered to the ledger at once: some of its transactions' worth, which keeps it busy. The others wait as they came, since what is
    /// made of a message takes several times its room.
    /// </summary>
    public const int MostStoring = 1_024;

    private static readonly TimeSpan BeforeNextTry = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly LinkedList<HeldDelivery> _held = new();

    // Those never offered yet, oldest first. Who is not held any more stands at its front, since the oldest is let go first.
    private readonly Queue<HeldDelivery> _waiting = new();
    private readonly RecentDeliveries _recent = new();
    private readonly Standstill _standstill = new(limits, time);
    private long _bytes;
    private int _storing;
    private bool _holding;
    private bool _offering;
    private bool _looking;

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
        bool store, look;
        List<(HeldDelivery Delivery, bool Storing)> overfull = [];
        lock (_gate)
        {
            if (_recent.Has(delivery.Delivery.Id))
            {
                bus.Ack(delivery.Delivery);
                delivery.Dispose();
                return;
            }

            if (_held.Count == 0)
            {
                _standstill.Progress();
            }

            delivery.Place = _held.AddLast(delivery);
            _bytes += delivery.Bytes;
            store = (delivery.AtOnce || (!_holding && _waiting.Count == 0)) && TryBegin(delivery);
            if (!store)
            {
                delivery.KeepOnlyWhatCame();
                _waiting.Enqueue(delivery);
            }

            // One that is larger than all of it goes by itself: it would keep a byte window shut, and pings out; the others stay.
            if (delivery.Bytes > limits.Bytes)
            {
                Remove(delivery);
                overfull.Add((delivery, delivery.Storing));
            }

            MakeRoom(overfull);
            look = !_looking && _standstill.IsOver(_held.Count, _bytes);
            _looking |= look;
        }

        if (store)
        {
            _ = StoreAsync(delivery);
        }

        overfull.ForEach(o => Overflow(o.Delivery, o.Storing));
        if (look)
        {
            _ = MakeRoomLaterAsync();
        }
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
        lock (_gate)
        {
            _holding = false;
        }

        OfferNext();
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
            _waiting.Clear();
            _bytes = 0;
            orphans.ForEach(o => o.Orphaned = true);
        }

        // Withdrawn or not: one that is being committed just now is known when it comes again.
        orphans.ForEach(o => o.Withdraw());
    }

    /// <summary>Offers those that wait for their first turn, as many as there is room for. One caller at a time goes through them.</summary>
    private void OfferNext()
    {
        lock (_gate)
        {
            if (_offering)
            {
                // Whoever does looks again: what this one made room for is seen.
                return;
            }

            _offering = true;
        }

        while (TakeNext() is { } next)
        {
            _ = StoreAsync(next);
        }
    }

    private HeldDelivery? TakeNext()
    {
        lock (_gate)
        {
            DropThoseGone();
            if (_holding || !_waiting.TryPeek(out var first) || !TryBegin(first))
            {
                _offering = false;
                return null;
            }

            return _waiting.Dequeue();
        }
    }

    /// <summary>The broker's window may be full now: then nothing comes that would make those here give way, and no ping either.</summary>
    private async Task MakeRoomLaterAsync()
    {
        List<(HeldDelivery Delivery, bool Storing)> overfull = [];
        TimeSpan left;
        lock (_gate)
        {
            left = _standstill.Left;
        }

        do
        {
            await Task.Delay(left, time);
            lock (_gate)
            {
                MakeRoom(overfull);
                left = _standstill.Left;
                _looking = _standstill.IsOver(_held.Count, _bytes);
            }
        }
        while (_looking);

        overfull.ForEach(o => Overflow(o.Delivery, o.Storing));
    }

    private void MakeRoom(List<(HeldDelivery Delivery, bool Storing)> overfull)
    {
        while (_standstill.MustGive(_held.Count, _bytes))
        {
            var oldest = _held.First!.Value;
            Remove(oldest);
            overfull.Add((oldest, oldest.Storing));
        }

        DropThoseGone();
    }

    private bool TryBegin(HeldDelivery delivery)
    {
        if (_storing >= MostStoring && !delivery.AtOnce)
        {
            return false;
        }

        _storing++;
        delivery.Storing = true;
        return true;
    }

    private void DropThoseGone()
    {
        while (_waiting.TryPeek(out var first) && !first.IsHeld)
        {
            _waiting.Dequeue();
        }
    }

    private async Task StoreAsync(HeldDelivery delivery)
    {
        var failed = false;
        try
        {
            await delivery.Way.Store(delivery.BeginStoring());
            Release(delivery);
        }
        catch (OperationCanceledException) when (delivery.IsWithdrawn)
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
            failed = true;
        }

        bool overflowed;
        lock (_gate)
        {
            _storing--;
            delivery.Storing = false;
            overflowed = failed && !delivery.Orphaned && !delivery.IsHeld;
        }

        OfferNext();
        if (overflowed)
        {
            // It had to make room while it was being stored, and it is for this side to tell.
            RefuseDirectly(delivery);
        }
        else if (failed)
        {
            await OfferAgainAsync(delivery);
        }
    }

    private async Task OfferAgainAsync(HeldDelivery delivery)
    {
        do
        {
            await Task.Delay(BeforeNextTry, time);
            lock (_gate)
            {
                if (!delivery.IsHeld)
                {
                    return;
                }

                if ((_holding && !delivery.AtOnce) || !TryBegin(delivery))
                {
                    continue;
                }
            }

            await StoreAsync(delivery);
            return;
        }
        while (true);
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
        lock (_gate)
        {
            _recent.Add(delivery.Delivery.Id);
        }

        bus.Ack(delivery.Delivery);
        notice.Publish(delivery.Way.IfOverfull);
        delivery.Dispose();
    }

    private void Release(HeldDelivery delivery)
    {
        lock (_gate)
        {
            _standstill.Progress();
            _recent.Add(delivery.Delivery.Id);
            Remove(delivery);
        }

        bus.Ack(delivery.Delivery);
        delivery.Dispose();
    }

    private void Remove(HeldDelivery delivery)
    {
        if (delivery.IsHeld)
        {
            _held.Remove(delivery.Place!);
            _bytes -= delivery.Bytes;
        }
    }

    [LoggerMessage(1101, LogLevel.Error, "request {RequestId} could not be stored; it is held and tried again")]
    private partial void LogNotStored(Exception error, OpsAgent.Abstractions.RequestId requestId);
}
