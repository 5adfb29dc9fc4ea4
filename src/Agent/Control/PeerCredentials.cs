using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace OpsAgent.Agent.Control;

/// <summary>Who is at the other end of a unix socket, as the kernel says; it can't be forged by the peer.</summary>
/// <param name="Pid">The process that connected.</param>
/// <param name="Uid">Its effective user.</param>
/// <param name="Gid">Its effective group.</param>
internal readonly partial record struct PeerCredentials(int Pid, uint Uid, uint Gid)
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private const int NameBufferSize = 16 * 1024;

    /// <summary>The name of <see cref="Uid"/>, else <c>uid N</c>: for reasons that people read.</summary>
    public string User => NameOf(Uid) ?? $"uid {Uid}";

    /// <summary>Asks the kernel.</summary>
    /// <exception cref="SocketException">The socket is closed, or not a unix one.</exception>
    public static PeerCredentials Of(Socket socket)
    {
        // struct ucred { pid_t pid; uid_t uid; gid_t gid; }
        Span<byte> ucred = stackalloc byte[12];
        socket.GetRawSocketOption(SolSocket, SoPeerCred, ucred);
        return new PeerCredentials(
            MemoryMarshal.Read<int>(ucred), MemoryMarshal.Read<uint>(ucred[4..]), MemoryMarshal.Read<uint>(ucred[8..]));
    }

    private static unsafe string? NameOf(uint uid)
    {
        var entry = default(PasswordEntry);
        var buffer = new byte[NameBufferSize];
        fixed (byte* space = buffer)
        {
            nint found = 0;
            var code = GetUserById(uid, &entry, space, (nuint)buffer.Length, &found);
            return code == 0 && found != 0 ? Marshal.PtrToStringUTF8(entry.Name) : null;
        }
    }

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    private static unsafe partial int GetUserById(uint uid, PasswordEntry* entry, byte* buffer, nuint size, nint* found);

    /// <summary>struct passwd of glibc, 64 bit; only the name is read.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PasswordEntry
    {
        public nint Name;
        public nint Password;
        public uint Uid;
        public uint Gid;
        public nint Gecos;
        public nint Home;
        public nint Shell;
    }
}
