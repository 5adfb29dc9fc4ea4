using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace OpsAgent.Doers.Facility.Files;

/// <summary>Owner, mode, identity and last change of a file, read by statx because its layout is the same on every architecture.</summary>
/// <param name="Owner">The user's number.</param>
/// <param name="Group">The group's number.</param>
/// <param name="Mode">Type and permissions.</param>
/// <param name="Inode">Its number on its device.</param>
/// <param name="DeviceMajor">The device.</param>
/// <param name="DeviceMinor">The device.</param>
/// <param name="ChangedSeconds">When its content was changed last, seconds since 1970.</param>
public readonly record struct FileStatus(
    uint Owner, uint Group, int Mode, ulong Inode, uint DeviceMajor, uint DeviceMinor, long ChangedSeconds)
{
    private const uint BasicFields = 0x7ff;
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;
    private const int Folder = 0x4000;

    /// <summary>True for a file that is no folder, link, device or pipe.</summary>
    public bool IsRegular => (Mode & TypeMask) == Regular;

    /// <summary>True for a folder.</summary>
    public bool IsFolder => (Mode & TypeMask) == Folder;

    /// <summary>The permissions, with setuid, setgid and sticky bit.</summary>
    public int Permissions => Mode & 0xFFF;

    /// <summary>True if both are of one file, whatever has changed in between.</summary>
    public bool IsSameFileAs(FileStatus other) =>
        (Inode, DeviceMajor, DeviceMinor) == (other.Inode, other.DeviceMajor, other.DeviceMinor);

    /// <summary>Of what a path leads to, links followed; null if it is not there or may not be looked at.</summary>
    public static FileStatus? Of(string path) => Read(Posix.CurrentFolder, path, flags: 0);

    /// <summary>Of an open file.</summary>
    public static FileStatus? Of(SafeFileHandle file) => Read((int)file.DangerousGetHandle(), "", Posix.EmptyPath);

    /// <summary>Of a name in an open folder, not following a link; null if it is not there.</summary>
    public static FileStatus? Of(SafeFileHandle folder, string name) =>
        Read((int)folder.DangerousGetHandle(), name, Posix.SymlinkNoFollow);

    private static unsafe FileStatus? Read(int descriptor, string name, int flags)
    {
        Span<byte> buffer = stackalloc byte[256];
        fixed (byte* start = buffer)
        {
            if (Posix.Status(descriptor, name, flags, BasicFields, start) != 0)
            {
                return null;
            }
        }

        return new FileStatus(
            Owner: BinaryPrimitives.ReadUInt32LittleEndian(buffer[20..]),
            Group: BinaryPrimitives.ReadUInt32LittleEndian(buffer[24..]),
            Mode: BinaryPrimitives.ReadUInt16LittleEndian(buffer[28..]),
            Inode: BinaryPrimitives.ReadUInt64LittleEndian(buffer[32..]),
            DeviceMajor: BinaryPrimitives.ReadUInt32LittleEndian(buffer[136..]),
            DeviceMinor: BinaryPrimitives.ReadUInt32LittleEndian(buffer[140..]),
            ChangedSeconds: BinaryPrimitives.ReadInt64LittleEndian(buffer[112..]));
    }
}
