using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OpsAgent.Doers.Facility.Files;

/// <summary>
/// A folder held open. What is below it is reached one component at a time and never through a symbolic link, so that nothing
/// swapped in beneath a shared root can lead a doer out of it.
/// </summary>
public sealed class Folder : IDisposable
{
    private const int NoEntry = 2;
    private const int Exists = 17;
    private const int IsAFolder = 21;
    private const int Deepest = 32; // each level is held open

    private readonly SafeFileHandle _handle;

    private Folder(SafeFileHandle handle, string path)
    {
        _handle = handle;
        Path = path;
    }

    /// <summary>The path it was opened by, for messages.</summary>
    public string Path { get; }

    internal SafeFileHandle Handle => _handle;

    /// <summary>Opens the root, which may itself be reached through links: who configures it may place it so.</summary>
    public static Folder OpenRoot(string path)
    {
        var descriptor = Posix.OpenAt(Posix.CurrentFolder, path, Posix.ReadOnly | Posix.DirectoryOnly | Posix.CloseOnExec, 0);
        return descriptor >= 0
            ? new Folder(new SafeFileHandle(descriptor, ownsHandle: true), path)
            : throw FileFault.FromSystem("open", path);
    }

    /// <summary>Opens a folder in this one; null if it is not there.</summary>
    public Folder? Open(string name)
    {
        var flags = Posix.ReadOnly | Posix.DirectoryOnly | Posix.NoFollow | Posix.CloseOnExec;
        var descriptor = Posix.OpenAt((int)_handle.DangerousGetHandle(), Component(name), flags, 0);
        if (descriptor >= 0)
        {
            return new Folder(new SafeFileHandle(descriptor, ownsHandle: true), PathOf(name));
        }

        return Marshal.GetLastPInvokeError() == NoEntry ? null : throw FileFault.FromSystem("open", PathOf(name));
    }

    /// <summary>Opens a folder in this one, made with <paramref name="mode"/> whatever the umask if it is not there.</summary>
    public Folder OpenOrCreate(string name, uint mode)
    {
        for (var tries = 0; tries < 3; tries++)
        {
            if (Open(name) is { } there)
            {
                return there;
            }

            if (TryCreate(name, mode) is { } made)
            {
                return made;
            }
        }

        throw new DoerException(DoerExit.Failed, $"{PathOf(name)} comes and goes");
    }

    /// <summary>Makes a folder that must not be there yet, with <paramref name="mode"/> whatever the umask.</summary>
    public Folder Create(string name, uint mode) =>
        TryCreate(name, mode) ?? throw new DoerException(DoerExit.Failed, $"{PathOf(name)} already exists");

    /// <summary>Makes a file that must not be there yet, with <paramref name="mode"/> whatever the umask.</summary>
    public FileStream CreateFile(string name, uint mode, FileAccess access = FileAccess.Write)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, // O_EXCL: neither an existing file nor a link is ever written through
            Access = access,
            Share = FileShare.ReadWrite,
            BufferSize = 0,
        };
        var file = new FileStream(Reach(name), options);
        Posix.SetMode(file.SafeFileHandle, mode, PathOf(name));
        return file;
    }

    /// <summary>Removes a file; false if it is not there.</summary>
    public bool RemoveFile(string name)
    {
        if (Posix.UnlinkAt(_handle, Component(name), 0) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == NoEntry ? false : throw FileFault.FromSystem("remove", PathOf(name));
    }

    /// <summary>Removes a name only while it is that of the open file; false if it is not, or not there.</summary>
    public bool RemoveFile(string name, FileStream opened) =>
        FileStatus.Of(opened.SafeFileHandle) is { } own && Status(name) is { } there && there.IsSameFileAs(own) && RemoveFile(name);

    /// <summary>Removes a folder that is empty; false if it is not, or is not there.</summary>
    public bool RemoveEmptyFolder(string name)
    {
        const int NotEmpty = 39;
        if (Posix.UnlinkAt(_handle, Component(name), Posix.RemoveFolder) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() is NoEntry or NotEmpty or Exists ? false : throw FileFault.FromSystem("remove", PathOf(name));
    }

    /// <summary>
    /// Removes a name, a folder with all that is in it; nothing if it is not there. Each folder is opened from the one above it, so
    /// that a link swapped in meanwhile is removed or refused, never followed.
    /// </summary>
    public void RemoveTree(string name) => RemoveTree(name, Deepest);

    /// <summary>Removes all that is in it, as <see cref="RemoveTree(string)"/> does.</summary>
    public void Empty() => Empty(Deepest);

    /// <summary>True if it holds a regular file of this name.</summary>
    public bool HasFile(string name) => Status(name) is { IsRegular: true };

    /// <summary>Puts the folder <paramref name="fresh"/> at <paramref name="name"/> in one step; what stood there is removed.</summary>
    public void Publish(string fresh, string name)
    {
        if (Status(name) is null)
        {
            if (Posix.RenameAt(_handle, Component(fresh), _handle, Component(name), 0) != 0)
            {
                throw FileFault.FromSystem("publish", PathOf(name));
            }

            return;
        }

        // Exchanged, so that there is no moment without an entry.
        if (Posix.RenameAt(_handle, Component(fresh), _handle, Component(name), Posix.RenameExchange) != 0)
        {
            ReplaceInTwoSteps(fresh, name);
        }

        RemoveTree(fresh);
    }

    /// <summary>Puts the file <paramref name="fresh"/> at <paramref name="name"/> in one step, in place of what stood there.</summary>
    public void ReplaceFile(string fresh, string name)
    {
        if (Posix.RenameAt(_handle, Component(fresh), _handle, Component(name), 0) != 0)
        {
            throw FileFault.FromSystem("replace", PathOf(name));
        }
    }

    /// <summary>The names in it that <paramref name="match"/>, with their last change.</summary>
    public IReadOnlyList<(string Name, DateTime ChangedUtc)> Entries(Func<string, bool> match) =>
        [.. new DirectoryInfo(Reach(".")).EnumerateFileSystemInfos()
            .Where(e => match(e.Name)).Select(e => (e.Name, e.LastWriteTimeUtc))];

    /// <summary>All names in it, and which are folders; a link to one is none.</summary>
    public IReadOnlyList<(string Name, bool IsFolder)> Contents() =>
        [.. new DirectoryInfo(Reach(".")).EnumerateFileSystemInfos().Select(e => (e.Name, Status(e.Name) is { IsFolder: true }))];

    /// <summary>Its own last change, in UTC, to the second.</summary>
    public DateTime Changed() => FileStatus.Of(_handle) is { } status
        ? DateTimeOffset.FromUnixTimeSeconds(status.ChangedSeconds).UtcDateTime
        : throw FileFault.FromSystem("look at", Path);

    /// <summary>A path for other programs' use.</summary>
    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    internal FileStatus? Status(string name) => FileStatus.Of(_handle, Component(name));

    /// <summary>A path that leads through the open descriptor, whatever has happened to the names above it.</summary>
    internal string Reach(string name) => $"/proc/self/fd/{(int)_handle.DangerousGetHandle()}/{Component(name)}";

    private static string Component(string name) => name is "" or ".." || name.AsSpan().ContainsAny('/', '\0')
        ? throw new ArgumentException($"'{OneLine.Of(name)}' is not one path component")
        : name;

    /// <summary>
    /// Opens a regular file with the flags of open(2), not following a link and not waiting: what stands there may be a pipe that
    /// somebody has put there.
    /// </summary>
    internal SafeFileHandle OpenRegular(string name, int flags, uint mode)
    {
        var safe = flags | Posix.NoFollow | Posix.NonBlocking | Posix.CloseOnExec;
        var descriptor = Posix.OpenAt((int)_handle.DangerousGetHandle(), Component(name), safe, mode);
        if (descriptor < 0)
        {
            throw FileFault.FromSystem("open", PathOf(name));
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        if (FileStatus.Of(file) is { IsRegular: true })
        {
            return file;
        }

        file.Dispose();
        throw new DoerException(DoerExit.NotPermitted, $"open {OneLine.Of(PathOf(name))}: no regular file");
    }

    private void RemoveTree(string name, int deepest)
    {
        if (Posix.UnlinkAt(_handle, Component(name), 0) == 0)
        {
            return;
        }

        switch (Marshal.GetLastPInvokeError())
        {
            case NoEntry:
                return;
            case IsAFolder when deepest > 0:
                break;
            case IsAFolder:
                throw new DoerException(DoerExit.Failed, $"remove {OneLine.Of(PathOf(name))}: lies too deep");
            default:
                throw FileFault.FromSystem("remove", PathOf(name));
        }

        using (var folder = Open(name))
        {
            folder?.Empty(deepest - 1);
        }

        if (Posix.UnlinkAt(_handle, name, Posix.RemoveFolder) != 0 && Marshal.GetLastPInvokeError() != NoEntry)
        {
            throw FileFault.FromSystem("remove", PathOf(name));
        }
    }

    private void Empty(int deepest)
    {
        foreach (var (name, _) in Entries(static _ => true))
        {
            RemoveTree(name, deepest);
        }
    }

    // For file systems without RENAME_EXCHANGE (NFS): a moment without an entry, and the old one back if the second step fails.
    private void ReplaceInTwoSteps(string fresh, string name)
    {
        var aside = fresh + ".old";
        if (Posix.RenameAt(_handle, name, _handle, aside, 0) != 0)
        {
            throw FileFault.FromSystem("put aside", PathOf(name));
        }

        if (Posix.RenameAt(_handle, fresh, _handle, name, 0) != 0)
        {
            var failure = FileFault.FromSystem("publish", PathOf(name));
            _ = Posix.RenameAt(_handle, aside, _handle, name, 0);
            throw failure;
        }

        RemoveTree(aside);
    }

    private Folder? TryCreate(string name, uint mode)
    {
        if (Posix.MakeFolderAt(_handle, Component(name), 0x1C0 /* 0700 until the mode is set */) != 0)
        {
            return Marshal.GetLastPInvokeError() == Exists ? null : throw FileFault.FromSystem("create", PathOf(name));
        }

        var made = Open(name) ?? throw new DoerException(DoerExit.Failed, $"{PathOf(name)} vanished as it was made");
        Posix.SetMode(made._handle, mode, PathOf(name));
        return made;
    }
}
