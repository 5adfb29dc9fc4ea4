namespace OpsAgent.Agent.Hosting;

/// <summary>Holds the state folder for one agent. The kernel lets go of it when the process ends, however it ends.</summary>
internal sealed class StateLock : IDisposable
{
    private const int Shown = 64;

    /// <summary>The runtime puts the errno of a refused flock (EAGAIN) here.</summary>
    private const int WouldBlock = 11;

    private readonly FileStream _file;

    private StateLock(FileStream file)
    {
        _file = file;
    }

    /// <summary>Takes the lock; if somebody has it, null and who.</summary>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written.</exception>
    public static StateLock? TryTake(string folder, out string holder)
    {
        var path = Path.Combine(folder, "lock");
        holder = "";
        if (Open(path) is not { } file)
        {
            holder = ReadHolder(path);
            return null;
        }

        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes($"pid {Environment.ProcessId}\n"));
        file.Flush();
        return new StateLock(file);
    }

    public void Dispose() => _file.Dispose();

    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
            });
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            return null;
        }
    }

    private static string ReadHolder(string path)
    {
        // Sharing for write too means no lock is asked for, so this read succeeds beside the holder's.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> bytes = stackalloc byte[Shown];
        return System.Text.Encoding.ASCII.GetString(bytes[..file.Read(bytes)]).Trim();
    }
}
