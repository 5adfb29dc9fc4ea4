namespace OpsAgent.Agent.Hosting;

/// <summary>Holds the state folder for one agent. The kernel lets go of it when the process ends, however it ends.</summary>
internal sealed class StateLock : IDisposable
{
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
        // The locked file itself can't be read by others on this runtime, so the holder's name stands beside it.
        var named = Path.Combine(folder, "agent.pid");
        if (Open(path) is not { } file)
        {
            holder = File.Exists(named) ? $"pid {File.ReadAllText(named).Trim()}" : "pid not known";
            return null;
        }

        File.WriteAllText(named, $"{Environment.ProcessId}\n");
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
}
