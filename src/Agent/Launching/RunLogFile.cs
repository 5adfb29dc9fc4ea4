using Microsoft.Win32.SafeHandles;

namespace OpsAgent.Agent.Launching;

/// <summary>The file of one attempt, for the writer's thread alone; readable by its owner only.</summary>
/// <param name="path">Where it is.</param>
/// <param name="addBelow">
/// Null: made anew at the first write. Else what is there stays, and what is written is added to it if that is shorter than this.
/// </param>
internal sealed class RunLogFile(string path, long? addBelow) : IDisposable
{
    private const UnixFileMode OwnerReadsAndWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private SafeFileHandle? _handle;
    private bool _isFull;

    public string Path => path;

    /// <summary>In bytes, after the last write.</summary>
    public long Length { get; private set; }

    /// <summary>Lines that could not be written since the last that could.</summary>
    public long Lost { get; set; }

    /// <summary>Appends all of it, or nothing; nothing to a file that had no room for more when this began.</summary>
    /// <exception cref="IOException">Nothing of it is kept.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_handle is null)
        {
            _handle = Open();
            _isFull = RandomAccess.GetLength(_handle) >= addBelow;
        }

        // Asked each time: a look-up may add to the file of a run whose output is still open.
        Length = RandomAccess.GetLength(_handle);
        if (_isFull)
        {
            return;
        }

        try
        {
            RandomAccess.Write(_handle, bytes, Length);
            Length += bytes.Length;
        }
        catch (IOException)
        {
            // Half a line must not stand before the next one.
            RandomAccess.SetLength(_handle, Length);
            throw;
        }
    }

    public void Dispose()
    {
        _handle?.Dispose();
        _handle = null;
    }

    private SafeFileHandle Open()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("doers are started on Linux only");
        }

        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!, OwnerReadsAndWrites | UnixFileMode.UserExecute);
        using (new FileStream(path, new FileStreamOptions
        {
            Mode = addBelow is null ? FileMode.Create : FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            UnixCreateMode = OwnerReadsAndWrites,
        }))
        {
            // Only so does a new file have its mode from the first moment on.
        }

        return File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }
}
