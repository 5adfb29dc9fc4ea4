using System.Runtime.InteropServices;

namespace OpsAgent.Doers.Facility.Files;

/// <summary>Room on the disk that is set aside before it is needed, for what must be written however full the disk is by then.</summary>
public static class ReservedRoom
{
    private const uint OwnersFile = 0x180; // 0600
    private const int NotSupported = 95;
    private const int NotImplemented = 38;

    /// <summary>
    /// Makes the file, 0600, if there is none, and sets room for its first <paramref name="bytes"/> aside; what it holds and its
    /// length stay. Without so much room it fails with <see cref="DoerExit.DiskFull"/>. A file system that can't do it, such as an old
    /// NFS, is let pass.
    /// </summary>
    public static void Keep(string path, long bytes)
    {
        using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        Posix.SetMode(file, OwnersFile, path);
        if (Posix.Allocate(file, Posix.KeepSize, 0, bytes) != 0 && Marshal.GetLastPInvokeError() is not (NotSupported or NotImplemented))
        {
            throw FileFault.FromSystem($"set {bytes} bytes aside for", path);
        }
    }
}
