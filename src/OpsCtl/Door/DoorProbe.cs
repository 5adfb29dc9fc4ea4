using System.Net.Sockets;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Door;

/// <summary>Whether somebody is behind a control socket, without asking anything.</summary>
internal static class DoorProbe
{
    /// <exception cref="OpsCtlException">This user can't know (exit 69).</exception>
    public static bool Answers(StateFolder state)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(state.Socket));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            throw Denied(state, e);
        }
        catch (SocketException e)
        {
            // Not there, or nobody behind it; anything else, such as a full backlog, says nothing about its end.
            return e.SocketErrorCode is not (SocketError.ConnectionRefused or SocketError.AddressNotAvailable) && File.Exists(state.Socket);
        }
    }

    /// <summary>What is said of a door that is shut to this user.</summary>
    public static OpsCtlException Denied(StateFolder state, SocketException e) => new(
        ExitCode.Unreachable,
        $"{state.Socket} may not be used by this user",
        "become a member of the operators' group, or use sudo -u with the agent's user",
        e);
}
