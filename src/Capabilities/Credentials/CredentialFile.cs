using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace OpsAgent.Capabilities.Credentials;

/// <summary>
/// A credential's file, opened once: owner, mode and content are those of the same file, whatever the path leads to meanwhile.
/// </summary>
internal sealed class CredentialFile : IDisposable
{
    private const long SizeLimit = 1 << 20;
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;

    private readonly SafeFileHandle _file;

    private CredentialFile(SafeFileHandle file, CredentialFileFacts facts)
    {
        _file = file;
        Facts = facts;
    }

    public CredentialFileFacts Facts { get; }

    /// <summary>True if this process may write to it.</summary>
    public bool IsWritable => Posix.Access($"/proc/self/fd/{_file.DangerousGetHandle()}", Posix.WriteRight) == 0;

    /// <summary>Opens it; else why it can't be used.</summary>
    public static CredentialFile? Open(string path, bool follow, out CredentialState state, out string problem)
    {
        // Not waiting: a pipe of that name would hold up whoever asks for ever.
        var flags = Posix.ReadOnly | Posix.NonBlocking | Posix.CloseOnExec | (follow ? 0 : Posix.NoFollow);
        var descriptor = Posix.Open(path, flags, 0);
        if (descriptor < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            (state, problem) = error switch
            {
                Posix.NoSuchFile or Posix.NoFolder => (CredentialState.Missing, "does not exist"),
                Posix.TooManyLinks when !follow => (CredentialState.Exposed, "is a symbolic link, which follow = true would allow"),
                _ => (CredentialState.Unreadable, $"can't be read: {Marshal.GetPInvokeErrorMessage(error)}"),
            };
            return null;
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        (state, problem) = (CredentialState.Unreadable, "is no regular file");
        if (Look(file) is { } facts && (facts.Mode & TypeMask) == Regular)
        {
            return new CredentialFile(file, facts);
        }

        file.Dispose();
        return null;
    }

    /// <summary>The whole text; null if it is empty or far too large for a credential.</summary>
    public string? Read()
    {
        var length = RandomAccess.GetLength(_file);
        if (length is 0 or > SizeLimit)
        {
            return null;
        }

        var bytes = new byte[length];
        var text = Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(_file, bytes, 0));
        Array.Clear(bytes);
        return text;
    }

    public void Dispose() => _file.Dispose();

    private static unsafe CredentialFileFacts? Look(SafeFileHandle file)
    {
        // struct statx has one layout on every architecture: linux/stat.h.
        Span<byte> raw = stackalloc byte[256];
        fixed (byte* start = raw)
        {
            if (Posix.Status(file, "", Posix.EmptyPath, Posix.BasicFields, start) != 0)
            {
                return null;
            }
        }

        return new CredentialFileFacts(
            BinaryPrimitives.ReadUInt32LittleEndian(raw[20..]),
            BinaryPrimitives.ReadUInt16LittleEndian(raw[28..]),
            BinaryPrimitives.ReadUInt64LittleEndian(raw[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(raw[136..]),
            BinaryPrimitives.ReadUInt64LittleEndian(raw[40..]),
            Moment(raw[96..]),
            Moment(raw[112..]));
    }

    private static DateTimeOffset Moment(ReadOnlySpan<byte> raw) =>
        DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64LittleEndian(raw))
            .AddTicks(BinaryPrimitives.ReadUInt32LittleEndian(raw[8..]) / 100);
}

/// <summary>What the kernel says of an open file; equal for two looks between which nobody has changed it.</summary>
/// <param name="Owner">The user's number.</param>
/// <param name="Mode">Type and permissions.</param>
/// <param name="Inode">Its number on its device.</param>
/// <param name="Device">The device.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Changed">When anything of it was changed last.</param>
/// <param name="Modified">When its content was.</param>
internal readonly record struct CredentialFileFacts(
    uint Owner, int Mode, ulong Inode, ulong Device, ulong Size, DateTimeOffset Changed, DateTimeOffset Modified)
{
    private const int PermissionBits = 0xFFF;

    public int Permissions => Mode & PermissionBits;
}
