using System.Net.Sockets;

namespace OpsAgent.Agent.Hosting.Systemd;

/// <summary>
/// The way to systemd: the notify protocol of sd_notify(3), one datagram a message. Nothing is sent where nobody asked for it, and no
/// message is waited for.
/// </summary>
internal sealed class ServiceNotice : IDisposable
{
    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _address;

    /// <param name="environment">
    /// Holds <c>NOTIFY_SOCKET</c>, and <c>WATCHDOG_USEC</c> with <c>WATCHDOG_PID</c>, if systemd wants them.
    /// </param>
    /// <param name="pid">This process: a limit that was set for another one is not ours.</param>
    public ServiceNotice(IReadOnlyDictionary<string, string> environment, int pid)
    {
        if (environment.GetValueOrDefault("NOTIFY_SOCKET") is not { Length: > 1 } name || name[0] is not ('/' or '@'))
        {
            return;
        }

        // A name that begins with @ is in the kernel's own space of names, not in the file system.
        _address = new UnixDomainSocketEndPoint(name[0] == '@' ? $"\0{name[1..]}" : name);
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        Watchdog = WatchdogOf(environment, pid);
    }

    /// <summary>True if systemd waits for messages.</summary>
    public bool Listens => _socket is not null;

    /// <summary>After this long without <c>WATCHDOG=1</c> systemd ends the agent; null: it does not watch.</summary>
    public TimeSpan? Watchdog { get; }

    /// <summary>Sends assignments, one a line. False if systemd could not take them now, or is not there.</summary>
    public bool TrySend(string assignments)
    {
        if (_socket is null)
        {
            return false;
        }

        try
        {
            _socket.SendTo(System.Text.Encoding.UTF8.GetBytes(assignments), _address!);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Its queue is full, or it is being executed anew: what matters is sent again.
            return false;
        }
    }

    public void Dispose() => _socket?.Dispose();

    private static TimeSpan? WatchdogOf(IReadOnlyDictionary<string, string> environment, int pid)
    {
        var forPid = environment.GetValueOrDefault("WATCHDOG_PID") is { Length: > 0 } text ? text : null;
        return (forPid is null || (int.TryParse(forPid, out var other) && other == pid))
            && long.TryParse(environment.GetValueOrDefault("WATCHDOG_USEC"), out var microseconds)
            && microseconds is > 0 and < long.MaxValue / 10
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
    }
}
