using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace OpsAgent.Agent.Launching;

/// <summary>What tells one content of a file from another without reading it, and what kind of file it is.</summary>
internal readonly record struct FileIdentity(
    ushort Mode, ulong Inode, ulong Size, long ModifiedSeconds, uint ModifiedNanoseconds, ulong Device)
{
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const uint BasicFields = 0x7ff;
    private const int KindMask = 0xF000;
    private const int RegularKind = 0x8000;
    private const int ExecuteBits = 0x49;

    /// <summary>True for a regular file.</summary>
    public bool IsRegular => (Mode & KindMask) == RegularKind;

    /// <summary>True if anybody may execute it.</summary>
    public bool IsExecutable => (Mode & ExecuteBits) != 0;

    /// <summary>Looks at what the path leads to, through symbolic links; 0 or an errno.</summary>
    public static int TryRead(string path, out FileIdentity identity) => TryRead(CurrentFolder, path, 0, out identity);

    /// <summary>Looks at what is open; 0 or an errno.</summary>
    public static int TryRead(SafeFileHandle file, out FileIdentity identity) =>
        TryRead((int)file.DangerousGetHandle(), "", EmptyPath, out identity);

    private static unsafe int TryRead(int folder, string path, int flags, out FileIdentity identity)
    {
        // struct statx has one layout on every architecture: linux/stat.h.
        var raw = stackalloc byte[256];
        Span<byte> text = stackalloc byte[Encoding.UTF8.GetMaxByteCount(path.Length) + 1];
        text[Encoding.UTF8.GetBytes(path, text)] = 0;
        identity = default;
        fixed (byte* p = text)
        {
            if (Native.StatX(folder, p, flags, BasicFields, raw) != 0)
            {
                return Marshal.GetLastPInvokeError();
            }
        }

        var fields = new ReadOnlySpan<byte>(raw, 256);
        identity = new FileIdentity(
            BinaryPrimitives.ReadUInt16LittleEndian(fields[28..]),
            BinaryPrimitives.ReadUInt64LittleEndian(fields[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(fields[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(fields[112..]),
            BinaryPrimitives.ReadUInt32LittleEndian(fields[120..]),
            BinaryPrimitives.ReadUInt64LittleEndian(fields[136..]));
        return 0;
    }

    /// <summary>Where a path leads, without symbolic links; the path itself if it leads nowhere.</summary>
    public static unsafe string RealPath(string path)
    {
        const int LongestPath = 4096;
        var resolved = stackalloc byte[LongestPath];
        using var paths = new NativeVector([path]);
        return Native.RealPath(paths[0], resolved) != null
            ? Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(resolved))
            : path;
    }
}
