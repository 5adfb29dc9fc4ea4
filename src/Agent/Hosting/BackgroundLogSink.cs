using System.Threading.Channels;
using Serilog.Core;
using Serilog.Events;

namespace OpsAgent.Agent.Hosting;

/// <summary>
/// Writes log events on a thread of its own, so that a console pipe that nobody reads, or a full disk under the log file,
/// never holds up a message. Bounded in number and size: when the writer stands still the newest events are dropped and counted,
/// and the count is written as soon as it moves again.
/// </summary>
internal sealed class BackgroundLogSink : ILogEventSink, IDisposable
{
    private const int Capacity = 10_000;

    /// <summary>What the events that wait may take, by <see cref="SizeOf"/>.</summary>
    private const long MaxBytes = 8 * 1024 * 1024;

    // Of an event and of an exception, their texts aside.
    private const int EventBytes = 512;
    private const int ExceptionBytes = 8 * 1024;
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(2);

    private readonly Channel<LogEvent> _events;
    private readonly Serilog.ILogger _target;
    private readonly Thread _writer;
    private long _dropped;
    private long _bytes;

    /// <param name="target">The real logger, which may block.</param>
    public BackgroundLogSink(Serilog.ILogger target)
    {
        _target = target;
        _events = Channel.CreateBounded<LogEvent>(new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        _writer = new Thread(Write) { IsBackground = true, Name = "log" };
        _writer.Start();
    }

    /// <summary>Events that found no room since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Emit(LogEvent logEvent)
    {
        var size = SizeOf(logEvent);
        if (Interlocked.Add(ref _bytes, size) > MaxBytes || !_events.Writer.TryWrite(logEvent))
        {
            Interlocked.Add(ref _bytes, -size);
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Waits for what is queued, but not for a writer that stands still: a stop must not hang on its own log.</summary>
    public void Dispose()
    {
        _events.Writer.TryComplete();
        if (_writer.Join(FlushLimit))
        {
            (_target as IDisposable)?.Dispose();
        }
    }

    /// <summary>About what it takes in memory: a doer's line may be long.</summary>
    private static long SizeOf(LogEvent logEvent)
    {
        long size = EventBytes + (logEvent.Exception is null ? 0 : ExceptionBytes);
        foreach (var (_, value) in logEvent.Properties)
        {
            size += value is ScalarValue { Value: string text } ? text.Length * sizeof(char) : 0;
        }

        return size;
    }

    private void Write()
    {
        long told = 0;
        // This thread has nothing else to do, so it may block on the channel.
        while (_events.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_events.Reader.TryRead(out var logEvent))
            {
                var dropped = Dropped;
                if (dropped > told)
                {
                    _target.Warning("{Count} log events were dropped while the log could not be written", dropped - told);
                    told = dropped;
                }

                _target.Write(logEvent);
                Interlocked.Add(ref _bytes, -SizeOf(logEvent));
            }
        }
    }
}
