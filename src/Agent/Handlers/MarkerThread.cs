using System.Collections.Concurrent;

namespace OpsAgent.Agent.Handlers;

/// <summary>
/// One thread for all writing of markers. The cache may be on a file system that hangs: then this thread stands still and whoever
/// waits for it waits asynchronously, while the thread pool, on which pings are answered, loses nothing.
/// </summary>
internal sealed class MarkerThread : IDisposable
{
#pragma warning disable CA2213 // the thread that reads it disposes it, when nobody can use it any more
    private readonly BlockingCollection<Action> _work = [];
#pragma warning restore CA2213

    public MarkerThread()
    {
        new Thread(Run) { IsBackground = true, Name = "markers" }.Start();
    }

    /// <summary>Runs it when its turn has come.</summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                // It belongs to whoever waits; the thread goes on.
                done.SetException(e);
            }
        });
        return done.Task;
    }

    /// <summary>Ends the thread once what waits is done; does not wait for it, since it may hang.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void Run()
    {
        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
        }

        _work.Dispose();
    }
}
