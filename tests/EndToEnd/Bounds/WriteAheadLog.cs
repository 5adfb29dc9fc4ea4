using System.Buffers.Binary;

namespace OpsAgent.Tests.EndToEnd.Bounds;

/// <summary>The ledger's write-ahead log, looked at all the time: how long it ever was, and how often it began anew.</summary>
internal sealed class WriteAheadLog : IAsyncDisposable
{
    /// <summary>What the ledger cuts it to, in bytes.</summary>
    public const long Bound = 16 * 1024 * 1024;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly string _path;
    private readonly uint _first;
    private readonly Task _watching;
    private long _longest;
    private uint _last;

    private WriteAheadLog(string path)
    {
        _path = path;
        _first = _last = Look();
        _watching = WatchAsync();
    }

    /// <summary>Bytes at most so far.</summary>
    public long Longest => Interlocked.Read(ref _longest);

    /// <summary>It begins anew after a checkpoint that no reader held up.</summary>
    public uint Restarts => Volatile.Read(ref _last) - _first;

    public static WriteAheadLog Watch(string stateFolder) => new(Path.Combine(stateFolder, "ledger.db-wal"));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Volatile.Write(ref _last, Look());
            await Task.Delay(Interval, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The checkpoints' number in its header.</summary>
    private uint Look()
    {
        using var log = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Interlocked.Exchange(ref _longest, Math.Max(_longest, log.Length));
        Span<byte> header = stackalloc byte[16];
        log.ReadExactly(header);
        return BinaryPrimitives.ReadUInt32BigEndian(header[12..]);
    }
}
