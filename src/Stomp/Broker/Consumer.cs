using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Broker;

/// <summary>A subscription of one connection and what it has in its hands. Used under the broker's lock.</summary>
internal sealed class Consumer(SubscriptionRequest request, MessageQueue queue, Session session)
{
    private readonly LinkedList<Delivery> _open = new();
    private readonly Dictionary<string, Delivery> _byAckId = [];

    public SubscriptionRequest Request { get; } = request;

    public MessageQueue Queue { get; } = queue;

    public Session Session { get; } = session;

    /// <summary>It subscribes to a topic: the queue is its own, and what it leaves is nobody's.</summary>
    public bool IsTopics { get; } = DestinationName.IsTopic(request.Destination);

    public bool HasRoom => _open.Count < Request.Window && Session.Output.HasRoom;

    public void Hand(QueueEntry entry)
    {
        var delivery = new Delivery(entry, this, AckIdOf(entry));
        delivery.Open = _open.AddLast(delivery);
        if (delivery.AckId is { } id)
        {
            _byAckId.Add(id, delivery);
        }

        Session.Output.Add(delivery);
    }

    /// <summary>An open delivery that waits for an answer.</summary>
    public bool TryFind(string ackId, [MaybeNullWhen(false)] out Delivery delivery) =>
        _byAckId.TryGetValue(ackId, out delivery) && !delivery.AnsweredInTransaction;

    /// <summary>Takes one out of its hands.</summary>
    public void Close(Delivery delivery)
    {
        if (delivery.Open is not { } node)
        {
            return;
        }

        _open.Remove(node);
        delivery.Open = null;
        if (delivery.AckId is { } id)
        {
            _byAckId.Remove(id);
        }
    }

    /// <summary>What an answer to this one answers: it alone, or all that were handed out up to it and have no answer of their own.</summary>
    public List<Delivery> UpTo(Delivery delivery) => Request.Mode == StompAckMode.Client
        ? [.. _open.TakeWhile(d => d != delivery).Where(d => !d.AnsweredInTransaction), delivery]
        : [delivery];

    /// <summary>Takes everything out of its hands, in order.</summary>
    public List<QueueEntry> TakeBack()
    {
        var entries = _open.Select(d => d.Entry).ToList();
        foreach (var delivery in _open)
        {
            delivery.Open = null;
        }

        _open.Clear();
        _byAckId.Clear();
        return entries;
    }

    // 1.2 gives each delivery an id of its own for this; before it the message's is used.
    private string? AckIdOf(QueueEntry entry) =>
        Request.Mode == StompAckMode.Auto ? null
        : Session.Version < StompVersion.V12 ? entry.Message.Id
        : string.Create(CultureInfo.InvariantCulture, $"{Session.Id}-{Session.NextDelivery()}");
}
