using System.Buffers;
using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;
using OpsAgent.Agent.Redaction;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// Both output streams of a doer, read as they come, without the credentials in them: whatever is made of them has none. Reading never
/// holds up a run: once the doer is gone it gets a moment to reach the streams' ends, then it is stopped, whoever still holds the other
/// end.
/// </summary>
internal sealed class DoerOutput : IDisposable
{
    private const int BufferSize = 16 * 1024;

    /// <summary>Reads that may end at once before the thread is left to others: a doer that prints without end fills its pipe at once.</summary>
    private const int ReadsInOneTurn = 8;

    /// <summary>How long a read that was told to stop may take to end.</summary>
    public static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly TailBuffer _stdout;
    private readonly StderrRelay _stderr;
    private readonly RunLog? _log;
    private readonly RedactedOutput _safeStdout;
    private readonly RedactedOutput _safeStderr;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _noMore = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _read;
    private readonly Lock _gate = new();
    private bool _closed;
    private long _lastByte;

    /// <summary>Reads pipes; owns their descriptors.</summary>
    public DoerOutput(TimeProvider time, LaunchingOptions options, StderrRelay stderr, RunLog? log, int stdoutPipe, int stderrPipe)
        : this(time, options, stderr, log)
    {
        var pace = options.OutputBytesPerSecond;
        _read = Task.WhenAll(
            ReadPipeAsync(stdoutPipe, new ReadPace(pace, time), PushStdout), ReadPipeAsync(stderrPipe, new ReadPace(pace, time), PushStderr));
    }

    /// <summary>Follows files.</summary>
    public DoerOutput(TimeProvider time, LaunchingOptions options, StderrRelay stderr, RunLog? log, OutputFiles files)
        : this(time, options, stderr, log)
    {
        var stdoutTail = new FileTail(files.Stdout, options, time, PushStdout, SkipStdout);
        var stderrTail = new FileTail(files.Stderr, options, time, PushStderr, SkipStderr);
        _read = Task.WhenAll(stdoutTail.FollowAsync(_noMore.Task), stderrTail.FollowAsync(_noMore.Task));
    }

    /// <summary>Reads nothing by itself; it is read as long as <paramref name="read"/> runs.</summary>
    internal DoerOutput(TimeProvider time, LaunchingOptions options, StderrRelay stderr, RunLog? log, Task read)
        : this(time, options, stderr, log) => _read = read;

    private DoerOutput(TimeProvider time, LaunchingOptions options, StderrRelay stderr, RunLog? log)
    {
        _time = time;
        _stderr = stderr;
        _log = log;
        _stdout = new TailBuffer(options.StdoutTailBytes);
        _safeStdout = new RedactedOutput(options.Redactor, TakeStdout);
        _safeStderr = new RedactedOutput(options.Redactor, TakeStderr);
        _lastByte = time.GetTimestamp();
        _read = Task.CompletedTask;
    }

    /// <summary>The timestamp of the last byte on either stream; at first, of its beginning.</summary>
    public long LastByte => Interlocked.Read(ref _lastByte);

    /// <summary>The end of stdout. After <see cref="FinishAsync"/> only.</summary>
    public string Stdout => _stdout.ToString();

    /// <summary>The line of stderr that says most. After <see cref="FinishAsync"/> only.</summary>
    public string BestErrorLine => _stderr.BestLine;

    /// <summary>The line of stderr, if there was one and no other; else empty. After <see cref="FinishAsync"/> only.</summary>
    public string OnlyErrorLine => _stderr.OnlyLine;

    /// <summary>The doer and its tree are gone: reads what is left, for at most <paramref name="limit"/>, then stops.</summary>
    /// <returns>False if a read hangs, as one of a disk that does not answer may: what comes of it later is dropped.</returns>
    public async Task<bool> FinishAsync(TimeSpan limit)
    {
        _noMore.TrySetResult();
        if (!await ReadsEndAsync(limit))
        {
            await _stop.CancelAsync();

            // A stopped read ends by itself unless its file does not answer: neither a slot nor the agent's stop waits for that.
            if (!await ReadsEndAsync(LongestRead))
            {
                Close();
                return false;
            }
        }

        await _read;
        Close();
        return true;
    }

    private async Task<bool> ReadsEndAsync(TimeSpan limit)
    {
        if (!_read.IsCompleted)
        {
            using var waiting = new CancellationTokenSource();
            await Task.WhenAny(_read, Task.Delay(limit, _time, waiting.Token));
            await waiting.CancelAsync();
        }

        return _read.IsCompleted;
    }

    private void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        _safeStdout.Complete();
        _safeStderr.Complete();
        _stderr.Complete();
        _log?.Complete();
    }

    /// <summary>Stops reading without waiting for anything.</summary>
    public void Abandon()
    {
        _noMore.TrySetResult();
        _stop.Cancel();
        _log?.Complete();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _log?.Complete();
        _stop.Dispose();
    }

    private async Task ReadPipeAsync(int fd, ReadPace pace, Action<ReadOnlySpan<byte>> push)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await using var pipe = new AnonymousPipeClientStream(PipeDirection.In, new SafePipeHandle(fd, ownsHandle: true));
            try
            {
                for (var reads = 1; await pipe.ReadAsync(buffer, _stop.Token) is > 0 and var count; reads++)
                {
                    push(buffer.AsSpan(0, count));
                    await pace.TookAsync(count, _stop.Token);
                    if (reads % ReadsInOneTurn == 0)
                    {
                        await Task.Yield();
                    }
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // Somebody outside the tree holds the pipe, and its end is not waited for; or this process got no turn to read. What is in
                // it now is the doer's word all the same.
                PipeRest.Read(pipe.SafePipeHandle, buffer, push);
            }
        }
        catch (IOException)
        {
            // A pipe that can't be read any more has ended for us; the exit code tells the rest.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void PushStdout(ReadOnlySpan<byte> piece)
    {
        Interlocked.Exchange(ref _lastByte, _time.GetTimestamp());
        lock (_gate)
        {
            if (!_closed)
            {
                _safeStdout.Push(piece);
            }
        }
    }

    private void PushStderr(ReadOnlySpan<byte> piece)
    {
        Interlocked.Exchange(ref _lastByte, _time.GetTimestamp());
        lock (_gate)
        {
            if (!_closed)
            {
                _safeStderr.Push(piece);
            }
        }
    }

    private void SkipStdout(long bytes)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _safeStdout.Skip();
                _log?.SkipStdout(bytes);
            }
        }
    }

    private void SkipStderr(long bytes)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _safeStderr.Skip();
                _log?.SkipStderr(bytes);
            }
        }
    }

    private void TakeStdout(ReadOnlySpan<byte> piece)
    {
        _stdout.Push(piece);
        _log?.PushStdout(piece);
    }

    private void TakeStderr(ReadOnlySpan<byte> piece)
    {
        _stderr.Push(piece);
        _log?.PushStderr(piece);
    }
}
