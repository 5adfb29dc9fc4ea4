using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OpsAgent.Capabilities.Signing;

/// <summary>
/// The C library's calls by which a key's file is opened without following a link, and judged by what was opened and not by its name.
/// Linux, 64 bit.
/// </summary>
internal static unsafe partial class FileCalls
{
    private const string Library = "libc";
    private const int NonBlocking = 0x800; // a pipe that is called like a key must not hold anybody up
    private const int CloseOnExec = 0x80000;
    private const int EmptyPath = 0x1000;
    private const uint BasicFields = 0x7ff;

    private static readonly int FolderOnly = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;
    private static readonly int NoFollow = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    // ENOENT, EPERM, ENXIO, EACCES, ENODEV, ENOTDIR, EISDIR, ENAMETOOLONG, ELOOP: what they say of a name is so until somebody changes it.
    private static readonly int[] Lasting = [2, 1, 6, 13, 19, 20, 21, 36, 40];

    /// <summary>Opens a folder that is no link; null with the system's error if it can't be.</summary>
    public static SafeFileHandle? OpenFolder(string path, out int error) => Handle(Open(path, FolderOnly | NoFollow | CloseOnExec), out error);

    /// <summary>The system's words for an error.</summary>
    public static string Words(int error) => Marshal.GetPInvokeErrorMessage(error);

    /// <summary>
    /// True for an error that says nothing of the file: no descriptor left, a disk or a server that does not answer right now.
    /// </summary>
    public static bool IsMomentary(int error) => error != 0 && !Lasting.Contains(error);

    /// <summary>Opens a name in a folder for reading; null if it can't be, or is a link.</summary>
    public static SafeFileHandle? OpenFile(SafeFileHandle folder, string name, out int error) =>
        Handle(OpenAt((int)folder.DangerousGetHandle(), name, NonBlocking | NoFollow | CloseOnExec), out error);

    /// <summary>Owner, mode and time of an open file; null if the system does not tell.</summary>
    public static FileFacts? StatusOf(SafeFileHandle file)
    {
        Span<byte> buffer = stackalloc byte[256];
        fixed (byte* start = buffer)
        {
            if (Status((int)file.DangerousGetHandle(), "", EmptyPath, BasicFields, start) != 0)
            {
                return null;
            }
        }

        return new FileFacts(
            BinaryPrimitives.ReadUInt32LittleEndian(buffer[20..]),
            BinaryPrimitives.ReadUInt16LittleEndian(buffer[28..]),
            DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64LittleEndian(buffer[112..])));
    }

    /// <summary>The user of this process.</summary>
    [LibraryImport(Library, EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    private static SafeFileHandle? Handle(int descriptor, out int error)
    {
        error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport(Library, EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAt(int folder, string name, int flags);

    [LibraryImport(Library, EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int folder, string path, int flags, uint mask, byte* buffer);
}
