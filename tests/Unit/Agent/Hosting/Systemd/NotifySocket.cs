using System.Net.Sockets;
using System.Text;
using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.Unit.Agent.Hosting.Systemd;

/// <summary>The listening side of the notify protocol.</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    /// <param name="isAbstract">True: a name in the kernel's own space; false: a file.</param>
    public NotifySocket(bool isAbstract = false)
    {
        var path = _folder.At("notify");
        Name = isAbstract ? $"@{path}" : path;
        _socket.Bind(new UnixDomainSocketEndPoint(isAbstract ? $"\0{path}" : path));
        _socket.Blocking = false;
    }

    /// <summary>As NOTIFY_SOCKET has it.</summary>
    public string Name { get; }

    /// <summary>What came since it was last asked.</summary>
    public IReadOnlyList<string> Take()
    {
        var all = new List<string>();
        var buffer = new byte[4096];
        while (_socket.Available > 0)
        {
            all.Add(Encoding.UTF8.GetString(buffer, 0, _socket.Receive(buffer)));
        }

        return all;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _folder.Dispose();
    }
}
