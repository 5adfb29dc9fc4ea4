using System.Net;

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
        // The locked file itself can't be read by others on this runtime, so the holder's pid and host stand beside it; on a shared
        // file system the pid alone would name nobody.
        var named = Path.Combine(folder, "agent.pid");
        if (Open(path) is not { } file)
        {
            holder = HolderIn(named);
            return null;
        }

        Name(named);
        return new StateLock(file);
    }

    private static string HolderIn(string path)
    {
        var lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        return lines switch
        {
            [{ Length: > 0 } pid, { Length: > 0 } host, ..] => $"pid {pid} on {host}",
            [{ Length: > 0 } pid, ..] => $"pid {pid}",
            _ => "pid not known",
        };
    }

    private static void Name(string path)
    {
        try
        {
            File.WriteAllText(path, $"{Environment.ProcessId}\n{Dns.GetHostName()}\n");
        }
        catch (IOException)
        {
            // A full disk: the lock holds without a name, and a second agent is told that it is not known.
        }
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
