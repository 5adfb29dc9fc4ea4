using Microsoft.Win32.SafeHandles;

namespace OpsAgent.Agent.Launching;

/// <summary>The file of one attempt, for the writer's thread alone. Made anew at the first write, readable by its owner only.</summary>
internal sealed class RunLogFile(string path) : IDisposable
{
    private const UnixFileMode OwnerReadsAndWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private SafeFileHandle? _handle;
    private long _length;

    public string Path => path;

    /// <summary>Lines that could not be written since the last that could.</summary>
    public long Lost { get; set; }

    /// <summary>Appends all of it, or nothing.</summary>
    /// <exception cref="IOException">Nothing of it is kept.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _handle ??= Open();
        try
        {
            RandomAccess.Write(_handle, bytes, _length);
            _length += bytes.Length;
        }
        catch (IOException)
        {
            // Half a line must not stand before the next one.
            RandomAccess.SetLength(_handle, _length);
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
            Mode = FileMode.Create,
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
