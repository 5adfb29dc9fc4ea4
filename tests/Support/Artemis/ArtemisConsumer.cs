namespace OpsAgent.Tests.Support.Artemis;

/// <summary>
/// One SUBSCRIBE. Its window is counted in bytes of whole frames: a message is written while any credit is left, and an ack gives its
/// frame's bytes back. Used under the store's lock.
/// </summary>
internal sealed class ArtemisConsumer
{
    private readonly Func<ArtemisMessage, string, byte[]> _frame;
    private readonly Action<byte[]> _write;
    private readonly LinkedList<ArtemisDelivery> _unacked = new();
    private readonly Dictionary<long, LinkedListNode<ArtemisDelivery>> _byNumber = [];
    private long? _credits = 0;

    /// <param name="queue">Where it takes from.</param>
    /// <param name="frame">Makes the MESSAGE frame of a message with that message-id.</param>
    /// <param name="write">Hands it to the connection.</param>
    public ArtemisConsumer(ArtemisQueue queue, Func<ArtemisMessage, string, byte[]> frame, Action<byte[]> write)
    {
        (Queue, _frame, _write) = (queue, frame, write);
    }

    /// <summary>The first half of its messages' ids; a number from the same row as theirs, so never twice.</summary>
    public required long Id { get; init; }

    /// <summary>The client's name of it.</summary>
    public required string Subscription { get; init; }

    /// <summary>auto, client or client-individual.</summary>
    public required string AckMode { get; init; }

    /// <summary>As asked for, in bytes: -1 without a limit, 0 one message at a time.</summary>
    public required int Window { get; init; }

    public ArtemisQueue Queue { get; }

    public bool AcksByItself => AckMode == "auto";

    public bool HasCredit => _credits is null or > 0;

    public IReadOnlyCollection<ArtemisDelivery> Unacked => _unacked;

    /// <summary>From now on it gets messages: after the receipt, if one was asked for.</summary>
    public void Open() => _credits = Window switch
    {
        -1 => null,
        0 => 1,
        _ => Window,
    };

    public ArtemisDelivery Deliver(ArtemisMessage message)
    {
        var frame = _frame(message, $"{Id},{message.Number}");
        var delivery = new ArtemisDelivery(message, Id, message.Attempts, frame.Length);
        // With auto nothing gives them back: a window that such a subscription asks for is used up once and for all.
        _credits -= frame.Length;
        if (!AcksByItself)
        {
            _byNumber.Add(message.Number, _unacked.AddLast(delivery));
        }

        _write(frame);
        return delivery;
    }

    /// <summary>Takes an ack, and with <c>client</c> one for all that was delivered before. False: no such message is un-acked.</summary>
    public bool Ack(long number)
    {
        if (!_byNumber.TryGetValue(number, out var node))
        {
            return false;
        }

        while (AckMode == "client" && _unacked.First is { } earlier && earlier != node)
        {
            Take(earlier);
        }

        Take(node);
        return true;
    }

    private void Take(LinkedListNode<ArtemisDelivery> node)
    {
        _unacked.Remove(node);
        _byNumber.Remove(node.Value.Message.Number);
        _credits += node.Value.Bytes;
        Queue.Acked.Add(node.Value.Message);
    }
}
