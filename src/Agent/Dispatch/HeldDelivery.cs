using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;

namespace OpsAgent.Agent.Dispatch;

/// <summary>
/// A delivery between its arrival and its ack. Thousands may wait while the ledger stands still, so one that waits keeps no more than
/// came: it is read again when its turn comes.
/// </summary>
/// <param name="delivery">What came.</param>
/// <param name="way">What is to be done with it.</param>
/// <param name="read">Says the same again; the same verdict for the same message, as every handler promises.</param>
internal sealed class HeldDelivery(Delivery delivery, HeldWay way, Func<Delivery, HeldWay> read) : IDisposable
{
    private readonly Lock _gate = new();
    private HeldWay? _way = way;
    private CancellationTokenSource? _withdrawal;
    private CancellationToken _token = CancellationToken.None;
    private bool _withdrawn;
    private bool _disposed;

    /// <summary>What came.</summary>
    public Delivery Delivery => delivery;

    /// <summary>What is to be done with it.</summary>
    public HeldWay Way => _way ??= read(delivery);

    /// <summary>True if it waits neither for its turn nor for the ledger, as it was judged when it came.</summary>
    public bool AtOnce { get; } = way.AtOnce;

    /// <summary>True from <see cref="BeginStoring"/> until it has ended or failed.</summary>
    public bool Storing { get; set; }

    /// <summary>True once its connection has ended: it can't be acked, and its message will come again.</summary>
    public bool Orphaned { get; set; }

    /// <summary>Its place among the held ones; set by the window.</summary>
    public LinkedListNode<HeldDelivery>? Place { get; set; }

    /// <summary>True while it has that place.</summary>
    public bool IsHeld => Place is { List: not null };

    /// <summary>What it takes of the broker's window while it is not acked, a body that was skipped included.</summary>
    public long Bytes => Math.Max(delivery.FrameBytes, delivery.Body.Length);

    public RequestId RequestId => Way.IfOverfull.RequestId;

    /// <summary>True once <see cref="Withdraw"/> was called.</summary>
    public bool IsWithdrawn => Volatile.Read(ref _withdrawn);

    /// <summary>It will have to wait: keeps what came and nothing that was made of it.</summary>
    public void KeepOnlyWhatCame() => _way = null;

    /// <summary>Cancelled by <see cref="Withdraw"/>; can be read after the end too.</summary>
    public CancellationToken BeginStoring()
    {
        lock (_gate)
        {
            if (_withdrawn)
            {
                return new CancellationToken(canceled: true);
            }

            if (_withdrawal is null && !_disposed)
            {
                _withdrawal = new CancellationTokenSource();
                _token = _withdrawal.Token;
            }

            return _token;
        }
    }

    /// <summary>Takes it back from the ledger's queue, if it is still there; may race with its end.</summary>
    public void Withdraw()
    {
        lock (_gate)
        {
            _withdrawn = true;
            if (!_disposed)
            {
                _withdrawal?.Cancel();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _withdrawal?.Dispose();
        }
    }
}
