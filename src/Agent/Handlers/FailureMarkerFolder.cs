using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OpsAgent.Agent.Handlers;

/// <summary>
/// A folder beneath a root, reached by descriptors, one part at a time, no part of it a symbolic link: whoever can write
/// in the scratch area must not lead the agent out of it.
/// </summary>
internal sealed partial class FailureMarkerFolder : IDisposable
{
    // Setgid, so that what others make in it belongs to the facility's group.
    private const uint FolderMode = 0b10_111_111_101; // 02775
    private const uint FileMode = 0b110_100_100; // 0644
    private const uint PrivateMode = 0b110_000_000; // 0600

    private readonly SafeFileHandle _folder;

    private FailureMarkerFolder(SafeFileHandle folder) => _folder = folder;

    /// <summary>Opens a folder, making what is missing below the root, which itself must be there.</summary>
    /// <exception cref="IOException">It can't be reached, or a part of it is no folder or a symbolic link.</exception>
    public static FailureMarkerFolder Open(string root, ReadOnlySpan<string> parts)
    {
        var folder = Checked(openat(CurrentFolder, root, ReadOnly | Directory | CloseOnExec, 0), root);
        foreach (var part in parts)
        {
            // Templates take ids and hashes only; whatever comes here all the same stays below the root.
            if (part is "" or "." or ".." || part.Contains('\0', StringComparison.Ordinal))
            {
                folder.Dispose();
                throw new IOException("not one component of a path");
            }

            using var parent = folder;
            folder = OpenOrMake(parent, part);
        }

        return new FailureMarkerFolder(folder);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>True if there is anything of that name, a dangling link included.</summary>
    public bool Has(string name)
    {
        var found = openat(Fd(_folder), name, PathOnly | NoFollow | CloseOnExec, 0);
        if (found >= 0)
        {
            new SafeFileHandle(found, ownsHandle: true).Dispose();
            return true;
        }

        return Marshal.GetLastPInvokeError() == NotThere ? false : throw Failure(name);
    }

    /// <summary>A file's content; empty if it is absent, too large, no regular file, or can't be read.</summary>
    public ReadOnlyMemory<byte> Read(string name, int max)
    {
        // Non-blocking, so that a pipe put in its place does not hold the agent.
        var opened = openat(Fd(_folder), name, ReadOnly | NoFollow | NonBlock | CloseOnExec, 0);
        if (opened < 0)
        {
            return default;
        }

        using var file = new SafeFileHandle(opened, ownsHandle: true);
        try
        {
            var length = RandomAccess.GetLength(file);
            if (length > max)
            {
                return default;
            }

            var content = new byte[length];
            return content.AsMemory(0, RandomAccess.Read(file, content, 0));
        }
        catch (Exception e) when (e is IOException or NotSupportedException or UnauthorizedAccessException)
        {
            // No regular file, or a disk that fails: the caller counts from nothing, as for a damaged file.
            return default;
        }
    }

    /// <summary>Writes a file of mode 0644, whatever the umask, in one rename.</summary>
    /// <exception cref="IOException">It could not be written; what was there stays.</exception>
    public void Replace(string name, ReadOnlySpan<byte> content)
    {
        var temporary = $"{name}.{Guid.NewGuid():N}.tmp";
        var flags = WriteOnly | Create | Exclusive | NoFollow | CloseOnExec;
        using var file = Checked(openat(Fd(_folder), temporary, flags, PrivateMode), name);
        try
        {
            RandomAccess.Write(file, content, 0);
            Check(fchmod(Fd(file), FileMode), name);
            Check(renameat(Fd(_folder), temporary, Fd(_folder), name), name);
        }
        catch
        {
            _ = unlinkat(Fd(_folder), temporary, 0);
            throw;
        }
    }

    private static SafeFileHandle OpenOrMake(SafeFileHandle parent, string name)
    {
        var flags = ReadOnly | NoFollow | CloseOnExec;
        var opened = openat(Fd(parent), name, flags | Directory, 0);
        if (opened >= 0 || Marshal.GetLastPInvokeError() != NotThere)
        {
            return Checked(opened, name);
        }

        var made = mkdirat(Fd(parent), name, FolderMode) == 0;
        if (!made && Marshal.GetLastPInvokeError() != AlreadyThere)
        {
            throw Failure(name);
        }

        var folder = Checked(openat(Fd(parent), name, flags | Directory, 0), name);
        if (made && fchmod(Fd(folder), FolderMode) != 0)
        {
            folder.Dispose();
            throw Failure(name);
        }

        return folder;
    }

    // The handle is held by this object or by a using of the caller for as long as the call takes.
    private static int Fd(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    private static SafeFileHandle Checked(int descriptor, string name)
    {
        Check(descriptor, name);
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static void Check(int result, string name)
    {
        if (result < 0)
        {
            throw Failure(name);
        }
    }

    private static IOException Failure(string name) => new($"{name}: {Marshal.GetLastPInvokeErrorMessage()}");
}
