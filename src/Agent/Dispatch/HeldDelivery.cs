using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Dispatch;

/// <summary>A delivery between its arrival and its ack.</summary>
internal sealed class HeldDelivery : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _withdrawal = new();
    private readonly CancellationToken _token;
    private bool _disposed;

    public HeldDelivery(Delivery delivery, Func<CancellationToken, Task<Admission>> store, Refusal ifOverfull)
    {
        Delivery = delivery;
        Store = store;
        IfOverfull = ifOverfull;
        _token = _withdrawal.Token;
    }

    /// <summary>What came.</summary>
    public Delivery Delivery { get; }

    /// <summary>How it goes into the ledger: as work or as a refusal.</summary>
    public Func<CancellationToken, Task<Admission>> Store { get; }

    /// <summary>What it is told when there is no room to hold it any longer.</summary>
    public Refusal IfOverfull { get; }

    /// <summary>True once <see cref="Store"/> was called.</summary>
    public bool Storing { get; set; }

    /// <summary>True once its connection has ended: it can't be acked, and its message will come again.</summary>
    public bool Orphaned { get; set; }

    /// <summary>Its place among the held ones; set by the window.</summary>
    public LinkedListNode<HeldDelivery>? Place { get; set; }

    /// <summary>What it takes of the broker's window while it is not acked, a body that was skipped included.</summary>
    public long Bytes => Math.Max(Delivery.FrameBytes, Delivery.Body.Length);

    public RequestId RequestId => IfOverfull.RequestId;

    /// <summary>Cancelled by <see cref="Withdraw"/>; can be read after the end too.</summary>
    public CancellationToken Withdrawn => _token;

    /// <summary>Takes it back from the ledger's queue, if it is still there; may race with its end.</summary>
    public void Withdraw()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _withdrawal.Cancel();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _withdrawal.Dispose();
        }
    }
}
