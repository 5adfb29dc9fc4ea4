using System.Collections.Concurrent;
using System.Threading.Channels;

namespace OpsAgent.Stomp.Connection;

/// <summary>
/// Messages between the connection and the handlers, which are awaited one at a time. Apart from the reading of frames, so that a
/// handler may wait for a receipt; bounded, so that a slow one slows down the broker and not this process. Some pass those that wait.
/// </summary>
internal sealed class DeliveryQueue(StompLimits limits, Func<StompMessage, bool> isWanted, Action<StompMessage, Exception> onHandlerFailed)
{
    /// <summary>So many at most pass one that waits: no flood of them keeps it waiting for ever.</summary>
    public const int MostThatPass = 15;

    private readonly ConcurrentQueue<StompMessage> _first = new();
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
        if (GoesFirst(message))
        {
            _first.Enqueue(message);
            _turns.Writer.TryWrite(default);
        }
        else
        {
            _turns.Writer.TryWrite(new Turn(message, null));
        }
    }

    /// <summary>Runs something between two messages, behind those that wait now. False after <see cref="Complete"/>.</summary>
    public bool AddAction(Action action) => _turns.Writer.TryWrite(new Turn(null, action));

    /// <summary>Hands out what is there and then no more.</summary>
    public void Complete() => _turns.Writer.TryComplete();

    /// <summary>Hands out messages until <see cref="Complete"/>.</summary>
    public async Task RunAsync()
    {
        await foreach (var (message, action) in _turns.Reader.ReadAllAsync())
        {
            // As many turns are there as messages that pass: each is taken at the latest with its own.
            for (var passed = 0; passed < MostThatPass && _first.TryDequeue(out var first); passed++)
            {
                await HandOutAsync(first);
            }

            action?.Invoke();
            if (message is not null)
            {
                await HandOutAsync(message);
            }
        }
    }

    private async ValueTask HandOutAsync(StompMessage message)
    {
        await HandleAsync(message);
        Interlocked.Decrement(ref _count);
        Interlocked.Add(ref _bytes, -message.Body.Length);
        if (Interlocked.Exchange(ref _waitingForRoom, 0) == 1)
        {
            _room.Writer.TryWrite(true);
        }
    }

    private static bool GoesFirst(StompMessage message)
    {
        try
        {
            return message.Subscription?.Options.GoesFirst?.Invoke(message) ?? false;
        }
        catch (Exception)
        {
            // What is to be said of it the handler says; reading goes on.
            return false;
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

    /// <summary>A message to hand out, or something else to do in its turn; neither for one that passes.</summary>
    private readonly record struct Turn(StompMessage? Message, Action? Action);
}
