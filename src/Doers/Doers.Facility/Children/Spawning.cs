using System.Runtime.InteropServices;

namespace OpsAgent.Doers.Facility.Children;

/// <summary>
/// posix_spawn: a session of its own, signals at their defaults (the runtime ignores SIGPIPE, and a child would inherit that),
/// stdin from /dev/null, output into files that outlive us, nothing else open. Linux with glibc from 2.34 on.
/// </summary>
internal static unsafe partial class Spawning
{
    private const short Flags = 0x80 | 0x08 | 0x04; // SETSID, SETSIGMASK, SETSIGDEF
    private const int Append = 0x441; // O_WRONLY | O_CREAT | O_APPEND
    private const uint OwnerReadWrite = 0x180;
    private const int Room = 512; // glibc's structures on 64 bit are 80, 336 and 128 bytes
    private const string Library = "libc";

    /// <summary>Starts it; 0 and its pid, or the errno, also of the exec.</summary>
    public static int Start(ChildOrder order, out int pid)
    {
        var actions = stackalloc byte[Room];
        var attributes = stackalloc byte[Room];
        var signals = stackalloc byte[Room];
        using var paths = new NativeTexts([order.Program, order.Folder, "/dev/null", order.Stdout, order.Stderr]);
        using var arguments = new NativeTexts(order.Arguments);
        using var environment = new NativeTexts([.. order.Environment.Select(v => $"{v.Key}={v.Value}")]);
        _ = ActionsInit(actions);
        _ = AttributesInit(attributes);
        try
        {
            _ = AttributesSetFlags(attributes, Flags);
            _ = FillSignalSet(signals);
            _ = AttributesSetDefaultSignals(attributes, signals);
            _ = EmptySignalSet(signals);
            _ = AttributesSetSignalMask(attributes, signals);
            _ = ActionsAddOpen(actions, 0, paths[2], 0, 0);
            _ = ActionsAddOpen(actions, 1, paths[3], Append, OwnerReadWrite);
            _ = ActionsAddOpen(actions, 2, paths[4], Append, OwnerReadWrite);
            _ = ActionsAddChdir(actions, paths[1]);
            _ = ActionsAddCloseFrom(actions, 3);
            int child = 0;
            var error = Spawn(&child, paths[0], actions, attributes, arguments.Pointers, environment.Pointers);
            pid = child;
            return error;
        }
        finally
        {
            _ = ActionsDestroy(actions);
            _ = AttributesDestroy(attributes);
        }
    }

    [LibraryImport(Library, EntryPoint = "posix_spawn")]
    private static partial int Spawn(int* pid, byte* path, void* actions, void* attributes, byte** argv, byte** envp);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int ActionsInit(void* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int ActionsDestroy(void* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addopen")]
    private static partial int ActionsAddOpen(void* actions, int fd, byte* path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    private static partial int ActionsAddChdir(void* actions, byte* path);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    private static partial int ActionsAddCloseFrom(void* actions, int fd);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(void* attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(void* attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setflags")]
    private static partial int AttributesSetFlags(void* attributes, short flags);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int AttributesSetDefaultSignals(void* attributes, void* set);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int AttributesSetSignalMask(void* attributes, void* set);

    [LibraryImport(Library, EntryPoint = "sigfillset")]
    private static partial int FillSignalSet(void* set);

    [LibraryImport(Library, EntryPoint = "sigemptyset")]
    private static partial int EmptySignalSet(void* set);
}
