using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// Writes the output of runs on a thread of its own, and removes what is too old or too much. What it has no room for, and what the
/// disk does not take, is dropped and counted: a run is never held up by its log.
/// </summary>
internal sealed partial class RunLogWriter : IDisposable
{
    private const long MostPending = 8 * 1024 * 1024;
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromMinutes(1);

    private readonly LaunchingOptions _options;
    private readonly RunLogFolder _folder;
    private readonly RunLogRoom _room;
    private readonly TimeProvider _time;
    private readonly ILogger<RunLogWriter> _logger;
    private readonly Channel<Item> _items = Channel.CreateUnbounded<Item>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Thread _thread;
    private long _pending;
    private long _dropped;
    private long? _warned;

    public RunLogWriter(IOptions<LaunchingOptions> options, RunLogFolder folder, TimeProvider time, ILogger<RunLogWriter> logger)
    {
        _options = options.Value;
        _folder = folder;
        _time = time;
        _logger = logger;
        _room = new RunLogRoom(folder.Path, options.Value.RunLogsMaxBytes, options.Value.RunLogsMaxFiles, options.Value.RunLogAge, time);
        _thread = new Thread(Run) { Name = "run-logs", IsBackground = true };
        _thread.Start();
    }

    private long LookUpsBelow => 2 * (_options.RunLogHeadBytes + _options.RunLogTailBytes);

    /// <summary>Lines that were dropped since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Begins the log of a run; null if none is kept. A look-up adds to the log of its attempt.</summary>
    public RunLog? Begin(RunContext run, string begin)
    {
        if (_folder.Path.Length == 0 || _options.RunLogsMaxBytes == 0)
        {
            return null;
        }

        var path = _folder.FileOf(run.RequestId, run.Attempt);
        return run.IsLookUp
            ? new RunLog(this, new RunLogFile(path, LookUpsBelow), RunLogShare.OfLookUp(_options), _time, begin)
            : new RunLog(this, new RunLogFile(path, addBelow: null), RunLogShare.OfAttempt(_options), _time, begin);
    }

    /// <summary>Takes a piece for the file; the last one always, since it frees the file.</summary>
    /// <returns>False if there is no room for it now: it is dropped.</returns>
    public bool TryAdd(RunLogFile file, byte[] bytes, int lines, bool isLast)
    {
        if (Interlocked.Add(ref _pending, bytes.Length) > MostPending && !isLast)
        {
            Interlocked.Add(ref _pending, -bytes.Length);
            Interlocked.Add(ref _dropped, lines);
            return false;
        }

        return _items.Writer.TryWrite(new Item(file, bytes, lines, isLast));
    }

    /// <summary>Writes what is left, but does not wait for a disk that stands still.</summary>
    public void Dispose()
    {
        _items.Writer.TryComplete();
        _thread.Join(FlushLimit);
    }

    private void Run()
    {
        Tidy();

        // This thread has nothing else to do, so it may block on the channel.
        while (_items.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_items.Reader.TryRead(out var item))
            {
                Write(item);
                Interlocked.Add(ref _pending, -item.Bytes.Length);

                // Not only once all is written: under load that may be never.
                if (_room.IsDue)
                {
                    Tidy();
                }
            }
        }
    }

    private void Write(Item item)
    {
        try
        {
            if (item.File.Lost > 0)
            {
                item.File.Append(Encoding.UTF8.GetBytes(
                    $"{_time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'} agent {item.File.Lost} lines could not be written\n"));
                item.File.Lost = 0;
            }

            item.File.Append(item.Bytes);
            _room.Wrote(item.File.Path, item.File.Length);
        }
        catch (Exception e)
        {
            // A full or failing disk, or whatever else it is: neither a run nor this thread is to end for it.
            item.File.Lost += item.Lines;
            Interlocked.Add(ref _dropped, item.Lines);
            Warn(e);
        }

        if (item.IsLast)
        {
            item.File.Dispose();
            _room.Closed(item.File.Path);
        }
    }

    private void Tidy()
    {
        try
        {
            _room.Tidy();
        }
        catch (Exception e)
        {
            // What stays takes room and no more; it is tried again.
            Warn(e);
        }
    }

    private void Warn(Exception error)
    {
        if (_warned is { } at && _time.GetElapsedTime(at) < BetweenWarnings)
        {
            return;
        }

        _warned = _time.GetTimestamp();
        LogFailed(error, Dropped);
    }

    [LoggerMessage(4040, LogLevel.Warning, "The output of runs can't be kept: {Dropped} lines dropped since the start; the runs go on")]
    private partial void LogFailed(Exception error, long dropped);

    private readonly record struct Item(RunLogFile File, byte[] Bytes, int Lines, bool IsLast);
}
