using System.Diagnostics;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>
/// What waits for the writer, which blocks on it. The waits are real time, not the agent's clock: the thread waits for the
/// disk, and no test or clock jump may hold it.
/// </summary>
internal sealed class OperationQueue
{
    private readonly object _gate = new();
    private readonly Queue<LedgerOperation> _operations = new();
    private bool _closed;

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _operations.Count == 0;
            }
        }
    }

    /// <summary>False if the queue is closed: the operation will not be done.</summary>
    public bool TryAdd(LedgerOperation operation)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            _operations.Enqueue(operation);
            System.Threading.Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Nothing is added any more; what is there is still given out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            System.Threading.Monitor.PulseAll(_gate);
        }
    }

    /// <summary>
    /// Takes what is there, up to <paramref name="max"/> in all with what <paramref name="batch"/> has. Waits for something
    /// at most so long; false if the queue is closed and empty.
    /// </summary>
    public bool Take(List<LedgerOperation> batch, int max, TimeSpan wait)
    {
        lock (_gate)
        {
            if (_operations.Count == 0 && !_closed && batch.Count == 0)
            {
                System.Threading.Monitor.Wait(_gate, wait);
            }

            while (batch.Count < max && _operations.TryDequeue(out var operation))
            {
                if (operation.TryTake())
                {
                    batch.Add(operation);
                }
            }

            return !_closed || _operations.Count > 0 || batch.Count > 0;
        }
    }

    /// <summary>Waits out a pause whatever arrives; at once if the queue is closed. True if it is.</summary>
    public bool Pause(TimeSpan pause)
    {
        var watch = Stopwatch.StartNew();
        lock (_gate)
        {
            while (!_closed && watch.Elapsed < pause)
            {
                System.Threading.Monitor.Wait(_gate, pause - watch.Elapsed is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }

            return _closed;
        }
    }
}
