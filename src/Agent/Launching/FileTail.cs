using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// Follows a file that a doer writes, from its beginning. Of a file that grows past its limit the disk gets back what was read: a doer
/// that prints without end must not fill it. Of what was printed faster than it is read the middle is skipped.
/// A link that a doer puts in its place is not followed.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="options">How fast it is read, and how large it may grow.</param>
/// <param name="time">The clock.</param>
/// <param name="push">Takes what is read, in order.</param>
/// <param name="skip">Told how many bytes were skipped.</param>
internal sealed class FileTail(string path, LaunchingOptions options, TimeProvider time, Action<ReadOnlySpan<byte>> push, Action<long> skip)
{
    private const int BufferSize = 16 * 1024;

    /// <summary>Read in one turn: a doer that prints faster than it is read must leave the thread to others.</summary>
    private const int InOneTurn = 8 * BufferSize;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    // More than is shown of a stream's end.
    private readonly long _keep = Math.Max(options.StdoutTailBytes, options.RunLogTailBytes) * 2L;
    private readonly ReadPace _pace = new(options.OutputBytesPerSecond, time);
    private long _offset;
    private long _freed;

    /// <summary>Follows until <paramref name="noMore"/> completes, then to the end that the file has at that moment.</summary>
    public async Task FollowAsync(Task noMore)
    {
        // Away from the caller's path at once: the first read touches the disk.
        await Task.Yield();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var file = BeneathFolder.OpenReadWrite(Path.GetDirectoryName(path)!, Path.GetFileName(path));
            if (file is null)
            {
                return;
            }

            bool last;

            // A former agent may have freed the first part of it.
            SkipTo(_freed = FirstData(file));
            do
            {
                // A survivor may still be writing: the last read goes as far as the file reached when it began.
                last = noMore.IsCompleted;
                var end = last ? RandomAccess.GetLength(file) : long.MaxValue;
                if (last)
                {
                    SkipMiddle(file, buffer, end);
                }

                while (ReadOn(file, buffer, end) is > 0 and var count && last == noMore.IsCompleted)
                {
                    await (last ? Task.CompletedTask : _pace.TookAsync(count, CancellationToken.None));
                    await Task.Yield();
                    await LimitAsync(file, buffer, last);
                }

                if (!last)
                {
                    await WaitAsync(noMore);
                }
            }
            while (!last);
        }
        catch (IOException)
        {
            // Removed or unreadable (a re-attached run's folder may be gone): there is no output to be had.
        }
        catch (UnauthorizedAccessException)
        {
            // As above: the doer changed its mode.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads for one turn, not beyond <paramref name="end"/>; how much.</summary>
    private int ReadOn(SafeFileHandle file, byte[] buffer, long end)
    {
        var sum = 0;
        while (sum < InOneTurn && _offset < end && RandomAccess.Read(file, buffer, _offset) is > 0 and var count)
        {
            push(buffer.AsSpan(0, count));
            _offset += count;
            sum += count;
        }

        return sum;
    }

    /// <summary>Gives the disk back what was read of a file that has grown too long, after reading its end.</summary>
    private async Task LimitAsync(SafeFileHandle file, byte[] buffer, bool last)
    {
        if (last || RandomAccess.GetLength(file) is var length && length - _freed < options.MaxFileBytes)
        {
            return;
        }

        SkipMiddle(file, buffer, length);
        ReadTo(file, buffer, length);

        // It waits for a doer that is in the middle of a write, which waits for the disk: not on a thread that pings need.
        await Task.Factory.StartNew(
            () => Free(file), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Where the first data is; the end of a file that is one hole, the beginning where the file system can't tell.</summary>
    internal static long FirstData(SafeFileHandle file)
    {
        // Of before the look: what is written between the two is data, and the first words of a doer that has just begun.
        var length = RandomAccess.GetLength(file);
        return Native.Seek(file, 0, Native.SeekData) switch
        {
            >= 0 and var first => first,
            _ when Marshal.GetLastPInvokeError() == Errno.NoData => length,
            _ => 0,
        };
    }

    private void Free(SafeFileHandle file)
    {
        // The last byte stays: if it ends a line, whoever begins there after a restart misses none.
        if (Native.Allocate(file, Native.AllocateKeepSizeAndPunchHole, 0, _offset - 1) == 0)
        {
            _freed = _offset;
            return;
        }

        // A file system that can't: what was written since the last read is lost. The doer appends, so it goes on at the new end.
        var lost = RandomAccess.GetLength(file) - _offset;
        RandomAccess.SetLength(file, 0);
        (_offset, _freed) = (0, 0);
        if (lost > 0)
        {
            skip(lost);
        }
    }

    /// <summary>Up to the part of what is there that is shown as its end; what is shown as its beginning is read first.</summary>
    private void SkipMiddle(SafeFileHandle file, byte[] buffer, long length)
    {
        if (length - _offset > options.OutputBytesPerSecond / 4)
        {
            ReadTo(file, buffer, options.RunLogHeadBytes);
            SkipTo(length - _keep);
        }
    }

    private void ReadTo(SafeFileHandle file, byte[] buffer, long end)
    {
        while (ReadOn(file, buffer, end) > 0)
        {
            // Not left to others in between: the doer goes on printing.
        }
    }

    private void SkipTo(long offset)
    {
        if (offset > _offset)
        {
            skip(offset - _offset);
            _offset = offset;
        }
    }

    private async Task WaitAsync(Task noMore)
    {
        using var waiting = new CancellationTokenSource();
        await Task.WhenAny(noMore, Task.Delay(Interval, time, waiting.Token));
        await waiting.CancelAsync();
    }
}
