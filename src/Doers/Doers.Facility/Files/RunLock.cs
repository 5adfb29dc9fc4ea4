using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace OpsAgent.Doers.Facility.Files;

/// <summary>
/// The lock that keeps cron, hand and agent from doing the same work at once: flock on
/// <c>.locks/&lt;kind&gt;-&lt;hash of the key&gt;</c>. The kernel drops it with its holder, so it never goes stale.
/// </summary>
public sealed class RunLock : IDisposable
{
    private const string FolderName = ".locks";
    private const int WouldBlock = 11;

    private readonly Folder _folder;
    private readonly string _name;
    private readonly SafeFileHandle _file;

    private RunLock(Folder folder, string name, SafeFileHandle file)
    {
        _folder = folder;
        _name = name;
        _file = file;
    }

    /// <summary>The hash of a key as it stands in file names: 16 hex digits.</summary>
    public static string HashOf(string key) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 8));

    /// <summary>Takes the lock, or fails with <see cref="DoerExit.TryAgain"/> and the holder's pid and start.</summary>
    public static RunLock Take(Folder root, string kind, string key, TimeProvider time)
    {
        var folder = root.OpenOrCreate(FolderName, FileModes.SharedFolder);
        var name = $"{kind}-{HashOf(key)}";
        try
        {
            while (true)
            {
                var file = Open(folder, name);
                if (Posix.Lock(file, Posix.LockExclusive | Posix.LockNonBlocking) != 0)
                {
                    using (file)
                    {
                        throw Refused(folder, name, file);
                    }
                }

                // Its last holder may have removed the file between our open and our lock: then we hold a ghost.
                if (FileStatus.Of(file) is { } held && folder.Status(name) == held)
                {
                    SignWith(file, time);
                    return new RunLock(folder, name, file);
                }

                file.Dispose();
            }
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            // Removed while still held, or one file for every job ever fetched would stay behind.
            _folder.RemoveFile(_name);
        }
        catch (DoerException)
        {
            // A lock file that stays is only untidy.
        }

        _file.Dispose();
        _folder.Dispose();
    }

    private static SafeFileHandle Open(Folder folder, string name)
    {
        var file = folder.OpenRegular(name, Posix.ReadWrite | Posix.Create, FileModes.GroupFile);
        _ = Posix.ChangeMode(file, FileModes.GroupFile); // fails for a file of the group's other member, who has set it
        return file;
    }

    private static DoerException Refused(Folder folder, string name, SafeFileHandle file)
    {
        if (Marshal.GetLastPInvokeError() != WouldBlock)
        {
            return FileFault.FromSystem("lock", folder.PathOf(name));
        }

        var text = new byte[128];
        var length = RandomAccess.Read(file, text, 0);
        var holder = OneLine.Of(Encoding.UTF8.GetString(text, 0, length));
        return new DoerException(DoerExit.TryAgain, $"another run holds {name}: {(holder.Length > 0 ? holder : "pid not known")}");
    }

    private static void SignWith(SafeFileHandle file, TimeProvider time)
    {
        var line = $"pid {Environment.ProcessId} since {time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}\n";
        try
        {
            RandomAccess.SetLength(file, 0);
            RandomAccess.Write(file, Encoding.UTF8.GetBytes(line), 0);
        }
        catch (IOException)
        {
            // A full disk: the lock holds without it, and who meets it is told that the pid is not known.
        }
    }
}
