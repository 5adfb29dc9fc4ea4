using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// Follows a file that a doer writes, from its beginning. A file that grows past its limit is emptied once it has been read (the
/// doer appends, so it goes on at the new end): a doer that prints without end must not fill the disk. A link that a doer puts in its
/// place is not followed.
/// </summary>
internal sealed class FileTail(string path, long maxBytes, TimeProvider time, Action<ReadOnlySpan<byte>> push)
{
    private const int BufferSize = 16 * 1024;

    /// <summary>Read in one turn: a doer that prints faster than it is read must leave the thread to others.</summary>
    private const int InOneTurn = 64 * BufferSize;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private long _offset;

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
            do
            {
                // A survivor may still be writing: the last read goes as far as the file reached when it began.
                last = noMore.IsCompleted;
                var end = last ? RandomAccess.GetLength(file) : long.MaxValue;
                while (ReadOn(file, buffer, ref end) && last == noMore.IsCompleted)
                {
                    await Task.Yield();
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

    /// <summary>Reads for one turn; true if there may be more before <paramref name="end"/>.</summary>
    private bool ReadOn(SafeFileHandle file, byte[] buffer, ref long end)
    {
        for (var left = InOneTurn; left > 0;)
        {
            var count = _offset < end ? RandomAccess.Read(file, buffer, _offset) : 0;
            if (count == 0)
            {
                return false;
            }

            push(buffer.AsSpan(0, count));
            _offset += count;
            left -= count;
            if (_offset >= maxBytes)
            {
                // What is written between this read and the cut is lost; it is far past what is shown of it.
                RandomAccess.SetLength(file, 0);
                _offset = 0;
                end = end == long.MaxValue ? end : 0;
            }
        }

        return true;
    }

    private async Task WaitAsync(Task noMore)
    {
        using var waiting = new CancellationTokenSource();
        await Task.WhenAny(noMore, Task.Delay(Interval, time, waiting.Token));
        await waiting.CancelAsync();
    }
}
