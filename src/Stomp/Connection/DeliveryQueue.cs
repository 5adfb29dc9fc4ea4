using System.Threading.Channels;

namespace OpsAgent.Stomp.Connection;

/// <summary>
/// Messages between the connection and the handlers, which are awaited one at a time. Apart from the reading of frames, so that a
/// handler may wait for a receipt; bounded, so that a slow one slows down the broker and not this process.
/// </summary>
internal sealed class DeliveryQueue(StompLimits limits, Func<StompMessage, bool> isWanted, Action<StompMessage, Exception> onHandlerFailed)
{
    private readonly Channel<Turn> _turns = Channel.CreateUnbounded<Turn>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Channel<bool> _room = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _waitingForRoom;
    private long _bytes;
    private int _count;

    private bool HasRoom => Volatile.Read(ref _count) < limits.MaxWaitingMessages
        && (Volatile.Read(ref _bytes) < limits.MaxWaitingBytes || Volatile.Read(ref _count) == 0);

    /// <summary>Adds one; waits while there is no room.</summary>
    public async ValueTask AddAsync(StompMessage message, CancellationToken cancellationToken)
    {
        while (!HasRoom)
        {
            Interlocked.Exchange(ref _waitingForRoom, 1);

            // Looked at again after saying so: room that came in between was not announced.
            if (!HasRoom)
            {
                await _room.Reader.ReadAsync(cancellationToken);
            }
        }

        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _bytes, message.Body.Length);
        _turns.Writer.TryWrite(new Turn(message, null));
    }

    /// <summary>Runs something between two messages, behind those that wait now. False after <see cref="Complete"/>.</summary>
    public bool AddAction(Action action) => _turns.Writer.TryWrite(new Turn(null, action));

    /// <summary>Hands out what is there and then no more.</summary>
    public void Complete() => _turns.Writer.TryComplete();

    /// <summary>Hands out messages until <see cref="Complete"/>.</summary>
    public async Task RunAsync()
    {
        await foreach (var (next, action) in _turns.Reader.ReadAllAsync())
        {
            if (next is not { } message)
            {
                action!();
                continue;
            }

            await HandleAsync(message);
            Interlocked.Decrement(ref _count);
            Interlocked.Add(ref _bytes, -message.Body.Length);
            if (Interlocked.Exchange(ref _waitingForRoom, 0) == 1)
            {
                _room.Writer.TryWrite(true);
            }
        }
    }

    private async ValueTask HandleAsync(StompMessage message)
    {
        try
        {
            if (message.Subscription is { Ended: false } subscription && isWanted(message))
            {
                await subscription.OnMessage(message);
            }
        }
        catch (Exception failure)
        {
            // A handler's failure is its message's alone: the next one is handed out.
            onHandlerFailed(message, failure);
        }
    }

    /// <summary>A message to hand out, or something else to do in its turn.</summary>
    private readonly record struct Turn(StompMessage? Message, Action? Action);
}
