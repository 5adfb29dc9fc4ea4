using System.Buffers;

namespace OpsAgent.Doers.Facility.Doors;

/// <summary>
/// What one door's file is written to: the file that was made for it, by its own descriptor, since its name stands in a folder
/// that others write in. It begins empty, and takes no more than the size the file must have, or <see cref="SizeLimit"/>.
/// </summary>
internal sealed class DoorTarget
{
    /// <summary>2 GiB.</summary>
    public const long SizeLimit = 2L << 30;

    private const int BlockSize = 256 << 10;
    private readonly FileStream _file;
    private readonly long? _due;
    private readonly long _most;

    private DoorTarget(FileStream file, long? due, long most)
    {
        _file = file;
        _due = due;
        _most = most;
    }

    /// <summary>Empties the file for a door.</summary>
    public static DoorTarget Begin(FileStream file, Door door, long most = SizeLimit)
    {
        file.SetLength(0);
        file.Position = 0;
        return new DoorTarget(file, door.Bytes, most);
    }

    /// <summary>Fails if a file of so many bytes is more than it takes.</summary>
    public void ThrowIfBeyond(long? bytes)
    {
        if (bytes > _due)
        {
            throw new DoorFailedException($"delivers more than the {_due} bytes that it should have");
        }

        if (bytes > _most)
        {
            throw new DoerException(DoerExit.ArchiveTooBig, $"the file goes beyond {_most} bytes: too big");
        }
    }

    /// <summary>
    /// Writes all of <paramref name="source"/>. Only what fails in reading is the door's: a write that fails, on a full disk for
    /// one, fails behind any other door too.
    /// </summary>
    public async Task FillAsync(Stream source, CancellationToken stop)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            var total = 0L;
            int count;
            while ((count = await ReadAsync(source, block, stop)) > 0)
            {
                ThrowIfBeyond(total += count);
                stop.ThrowIfCancellationRequested(); // a read that ended late must not write what the next door is at
                await _file.WriteAsync(block.AsMemory(0, count), stop);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>Fails if less came than the file must have.</summary>
    public void ThrowIfShort()
    {
        if (_due is { } due && _file.Length != due)
        {
            throw new DoorFailedException($"delivered {_file.Length} bytes of {due}");
        }
    }

    private static async Task<int> ReadAsync(Stream source, byte[] block, CancellationToken stop)
    {
        try
        {
            return await source.ReadAsync(block, stop);
        }
        catch (IOException e)
        {
            throw new DoorFailedException((e.InnerException ?? e).Message, inner: e);
        }
    }
}
