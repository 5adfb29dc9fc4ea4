using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace OpsAgent.Agent.Control;

/// <summary>Makes the door's listening socket: nobody can connect before its mode and group are set.</summary>
internal static partial class ControlSocket
{
    /// <summary>Owner and group read and write; connecting needs write.</summary>
    private const uint Mode = 0x1B0; // 0660

    /// <summary>sun_path of Linux, less its closing NUL.</summary>
    private const int LongestPath = 107;

    /// <summary>Binds without listening: until the server listens, a connection is refused, so the mode has no gap.</summary>
    /// <exception cref="ControlDoorTakenException">A living agent has it.</exception>
    /// <exception cref="ControlDoorException">The path can't be bound.</exception>
    public static Socket Bind(string path, string? group)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(path) > LongestPath)
        {
            throw new ControlDoorException(
                $"{path} is too long for a unix socket (at most {LongestPath} bytes): choose a shorter state folder");
        }

        RemoveStale(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            GiveTo(path, group);
            if (ChangeMode(path, Mode) != 0)
            {
                throw new ControlDoorException($"can't set the mode of {path} (errno {Marshal.GetLastPInvokeError()})");
            }

            return socket;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new ControlDoorException($"can't make {path}: {e.Message}; the agent's user must be able to write its state folder", e);
        }
        catch (ControlDoorException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A dead agent's socket refuses; a living one accepts, or has a full backlog when it hangs: both are left alone.</summary>
    private static void RemoveStale(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock)
        {
            throw new ControlDoorTakenException(path);
        }
        catch (SocketException)
        {
            // Nothing is there, or it is out of reach: binding says which.
            return;
        }

        throw new ControlDoorTakenException(path);
    }

    /// <summary>True if there is a group of that name.</summary>
    public static bool IsGroup(string name) => GetGroupByName(name) != 0;

    private static void GiveTo(string path, string? group)
    {
        if (string.IsNullOrEmpty(group))
        {
            return;
        }

        var entry = GetGroupByName(group);
        if (entry == 0)
        {
            throw new ControlDoorException($"there is no group {group}: correct the operators' group in the configuration");
        }

        // struct group { char *gr_name; char *gr_passwd; gid_t gr_gid; ... }
        var gid = (uint)Marshal.ReadInt32(entry, 2 * nint.Size);
        if (ChangeOwner(path, uint.MaxValue, gid) != 0)
        {
            throw new ControlDoorException(
                $"can't give {path} to group {group} (errno {Marshal.GetLastPInvokeError()}): make the agent's user a member of it");
        }
    }

    [LibraryImport("libc", EntryPoint = "getgrnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetGroupByName(string name);

    [LibraryImport("libc", EntryPoint = "chmod", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int ChangeMode(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int ChangeOwner(string path, uint owner, uint group);
}
