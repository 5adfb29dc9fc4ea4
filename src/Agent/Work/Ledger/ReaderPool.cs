using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Connections that only read: under WAL they neither wait for the writer nor make it wait.</summary>
/// <param name="stateDirectory">The state folder.</param>
/// <param name="suspicion">Told of damage that a read meets.</param>
internal sealed class ReaderPool(string stateDirectory, LedgerSuspicion suspicion) : IDisposable
{
    private const int MaxIdle = 8;

    private readonly ConcurrentBag<StatementCache> _idle = [];
    private volatile bool _disposed;

    /// <summary>Runs a short read on a connection of its own.</summary>
    public T Read<T>(Func<StatementCache, T> read)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_idle.TryTake(out var statements))
        {
            statements = new StatementCache(LedgerFile.OpenForReading(stateDirectory));
        }

        var sound = false;
        try
        {
            var result = read(statements);
            sound = true;
            return result;
        }
        catch (SqliteException e)
        {
            // A page that is read and never written would else stay damaged from start to start.
            suspicion.Raise(e);
            throw;
        }
        finally
        {
            // A connection that failed is not used again.
            if (sound && !_disposed && _idle.Count < MaxIdle)
            {
                _idle.Add(statements);
            }
            else
            {
                statements.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var statements))
        {
            statements.Dispose();
        }
    }
}
