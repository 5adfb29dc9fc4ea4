namespace OpsAgent.Agent.Launching.Cgroups;

/// <summary>
/// One thread that brings doers into their cgroups, one after the other as the kernel would. A move may take milliseconds, which neither a
/// start nor the thread pool is to wait for.
/// </summary>
internal sealed class IntakeThread : IDisposable
{
    private readonly Queue<Action> _orders = new();
    private bool _started;
    private bool _ended;

    /// <summary>Has it done after all that was ordered before; false once it is disposed.</summary>
    /// <param name="intake">What to do; it does not throw.</param>
    public bool TryOrder(Action intake)
    {
        lock (_orders)
        {
            if (_ended)
            {
                return false;
            }

            _orders.Enqueue(intake);
            System.Threading.Monitor.Pulse(_orders);
            if (!_started)
            {
                _started = true;
                new Thread(Run) { IsBackground = true, Name = "cgroup intake" }.Start();
            }

            return true;
        }
    }

    /// <summary>What was ordered is still done.</summary>
    public void Dispose()
    {
        lock (_orders)
        {
            _ended = true;
            System.Threading.Monitor.Pulse(_orders);
        }
    }

    private void Run()
    {
        while (Next() is { } intake)
        {
            intake();
        }
    }

    private Action? Next()
    {
        lock (_orders)
        {
            while (_orders.Count == 0 && !_ended)
            {
                System.Threading.Monitor.Wait(_orders);
            }

            return _orders.TryDequeue(out var intake) ? intake : null;
        }
    }
}
