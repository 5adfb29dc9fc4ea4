using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// Opens what is below a folder that others write in: one component at a time, none of them a symbolic link, and only regular files. A
/// doer must not lead its agent to a file that the doer itself can't read or write.
/// </summary>
internal static partial class BeneathFolder
{
    private const int CurrentFolder = -100;
    private const int NotThere = 2;
    private const int ReadWrite = 2;
    private const int NonBlock = 0x800;
    private const int PathOnly = 0x200000;
    private const int CloseOnExec = Native.OpenCloseOnExec;

    // These two have another number on arm64.
    private static readonly int Directory = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;
    private static readonly int NoFollow = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <summary>Opens a regular file for reading; null if it is not there.</summary>
    /// <param name="folder">A run's own folder; it must not be a link either.</param>
    /// <param name="name">The file's name, one component.</param>
    /// <exception cref="IOException">It can't be opened, is no regular file, or a link is in the way.</exception>
    public static SafeFileHandle? OpenRead(string folder, string name) => Open(folder, name, flags: 0);

    /// <summary>As <see cref="OpenRead"/>, for reading and writing.</summary>
    /// <inheritdoc cref="OpenRead"/>
    public static SafeFileHandle? OpenReadWrite(string folder, string name) => Open(folder, name, ReadWrite);

    /// <summary>True if there is anything of that name, a dangling link included.</summary>
    public static bool Has(string folder, string name)
    {
        using var parent = OpenFolder(folder);
        if (parent is null)
        {
            return false;
        }

        using var found = At(parent, Component(name), PathOnly | NoFollow);
        return found is not null;
    }

    private static SafeFileHandle? Open(string folder, string name, int flags)
    {
        using var parent = OpenFolder(folder);

        // Non-blocking, so that a pipe put in its place does not hold the agent.
        var file = parent is null ? null : At(parent, Component(name), flags | NoFollow | NonBlock);
        if (file is not null && (FileIdentity.TryRead(file, out var identity) != 0 || !identity.IsRegular))
        {
            file.Dispose();
            throw new IOException($"{name}: no regular file");
        }

        return file;
    }

    private static SafeFileHandle? OpenFolder(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var root = openat(CurrentFolder, Path.GetDirectoryName(full) ?? "/", PathOnly | Directory | CloseOnExec, 0);
        if (root < 0)
        {
            return Marshal.GetLastPInvokeError() == NotThere ? null : throw Failure(full);
        }

        using var handle = new SafeFileHandle(root, ownsHandle: true);
        return At(handle, Component(Path.GetFileName(full)), PathOnly | Directory | NoFollow);
    }

    private static SafeFileHandle? At(SafeFileHandle parent, string name, int flags)
    {
        // The handle is held by a using of the caller.
        var opened = openat((int)parent.DangerousGetHandle(), name, flags | CloseOnExec, 0);
        return opened >= 0 ? new SafeFileHandle(opened, ownsHandle: true)
            : Marshal.GetLastPInvokeError() == NotThere ? null
            : throw Failure(name);
    }

    /// <exception cref="IOException">It is more, or less, than one name.</exception>
    private static string Component(string name) => name is "" or "." or ".." || name.AsSpan().ContainsAny('/', '\0')
        ? throw new IOException("not one component of a path")
        : name;

    private static IOException Failure(string name) => new($"{name}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int openat(int folder, string path, int flags, uint mode);
}
