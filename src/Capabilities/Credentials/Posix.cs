using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OpsAgent.Capabilities.Credentials;

/// <summary>The system calls that have no managed form.</summary>
internal static partial class Posix
{
    public const int ReadOnly = 0;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int EmptyPath = 0x1000;
    public const uint BasicFields = 0x7ff;
    public const int WriteRight = 2;
    public const int NoSuchFile = 2;
    public const int NoFolder = 20;
    public const int TooManyLinks = 40;

    // The kernel numbers this one by architecture.
    public static readonly int NoFollow = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int Status(SafeFileHandle file, string name, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    public static partial IntPtr UserByName(string name);
}
