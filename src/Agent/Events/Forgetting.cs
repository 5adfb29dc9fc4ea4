using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Events;

/// <summary>
/// Rows that are confirmed and not yet deleted: never sent again by this agent, however long the ledger takes. One deletion
/// is under way at a time, with all that came since the last.
/// </summary>
internal sealed partial class Forgetting(IOutboxStore store, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly HashSet<long> _held = [];
    private readonly List<long> _deleted = [];
    private List<long> _next = [];
    private Task _deleting = Task.CompletedTask;
    private bool _busy;

    public bool Holds(long id)
    {
        lock (_gate)
        {
            return _held.Contains(id);
        }
    }

    /// <summary>
    /// Called before rows are read: those that are deleted by now will not be among them. Until then they stay held, since rows
    /// that were read before the deletion are still being gone through.
    /// </summary>
    public void BeforeRead()
    {
        lock (_gate)
        {
            _held.ExceptWith(_deleted);
            _deleted.Clear();
        }
    }

    public void Add(long id)
    {
        lock (_gate)
        {
            _held.Add(id);
            _next.Add(id);
            if (!_busy)
            {
                _busy = true;
                _deleting = Task.Run(DeleteAsync);
            }
        }
    }

    /// <summary>Completes when all that was added is deleted.</summary>
    public Task IdleAsync()
    {
        lock (_gate)
        {
            return _deleting;
        }
    }

    private async Task DeleteAsync()
    {
        while (true)
        {
            List<long> ids;
            lock (_gate)
            {
                if (_next.Count == 0)
                {
                    _busy = false;
                    return;
                }

                (ids, _next) = (_next, []);
            }

            try
            {
                await store.DeleteAsync(ids);
                lock (_gate)
                {
                    _deleted.AddRange(ids);
                }
            }
            catch (OperationCanceledException)
            {
                // The ledger has closed: the next agent sends these once more.
            }
            catch (Exception e)
            {
                // They stay held, so that this agent does not send them again; the next one will.
                LogDeleteFailed(e, ids.Count);
            }
        }
    }

    [LoggerMessage(3113, LogLevel.Error, "{Count} confirmed messages could not be deleted from the outbox")]
    private partial void LogDeleteFailed(Exception error, int count);
}
