using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Dispatch;

/// <summary>
/// The deliveries that were done with last, stored or refused. One of them may come again, if its ack was lost with a connection: it is known
/// then without the ledger, which may just stand still. More than a broker hands out ahead, so that none is missed.
/// </summary>
internal sealed class RecentDeliveries
{
    public const int Most = 20_000;

    private readonly Queue<DeliveryId> _order = new();
    private readonly HashSet<DeliveryId> _known = [];

    public bool Has(DeliveryId? id) => id is { } known && _known.Contains(known);

    public void Add(DeliveryId? id)
    {
        if (id is not { } done || !_known.Add(done))
        {
            return;
        }

        _order.Enqueue(done);
        if (_order.Count > Most)
        {
            _known.Remove(_order.Dequeue());
        }
    }
}
