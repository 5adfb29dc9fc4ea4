using System.Net;
using System.Net.Sockets;

namespace OpsAgent.Tests.Support.Servers;

/// <summary>Which half of a connection is meant.</summary>
[Flags]
public enum LineHalf
{
    None = 0,

    /// <summary>What the client says.</summary>
    Up = 1,

    /// <summary>What the server says.</summary>
    Down = 2,

    Both = Up | Down,
}

/// <summary>
/// A line to a server on this host that can fall silent without an end: what is said on it is lost from then on, an end of a connection
/// too, and neither side is told, as when a firewall forgets a connection or a cable is pulled.
/// </summary>
public sealed class MuteLine : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Connection> _connections = [];
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly int _target;

    private MuteLine(int target)
    {
        _target = target;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _ = AcceptAsync();
    }

    /// <summary>Where it is reached, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Halves of connections to come that are lost.</summary>
    public LineHalf LostFromNowOn { get; set; }

    public static MuteLine To(int port) => new(port);

    /// <summary>Loses that half of the connections that there are; those to come are not touched.</summary>
    public void Mute(LineHalf half)
    {
        lock (_gate)
        {
            _connections.ForEach(c => c.Lost |= half);
        }
    }

    /// <summary>Says something to all clients, as if the server had said it.</summary>
    public async Task SayAsync(byte[] bytes)
    {
        List<Connection> all;
        lock (_gate)
        {
            all = [.. _connections];
        }

        foreach (var connection in all)
        {
            await connection.Near.SendAsync(bytes);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _listener.Dispose();
            _connections.ForEach(c => c.End());
        }

        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptAsync();
                var connection = new Connection(near) { Lost = LostFromNowOn };
                await connection.Far.ConnectAsync(IPAddress.Loopback, _target);
                lock (_gate)
                {
                    _connections.Add(connection);
                }

                _ = CopyAsync(connection, LineHalf.Up);
                _ = CopyAsync(connection, LineHalf.Down);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task CopyAsync(Connection connection, LineHalf half)
    {
        var (from, to) = half == LineHalf.Up ? (connection.Near, connection.Far) : (connection.Far, connection.Near);
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                for (var sent = 0; sent < count && !connection.Lost.HasFlag(half);)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side has ended.
        }

        if (!connection.Lost.HasFlag(half))
        {
            lock (_gate)
            {
                _connections.Remove(connection);
            }

            connection.End();
        }
    }

    private sealed class Connection(Socket near)
    {
        private volatile LineHalf _lost;

        public Socket Near => near;

        public Socket Far { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public LineHalf Lost
        {
            get => _lost;
            set => _lost = value;
        }

        public void End()
        {
            near.Dispose();
            Far.Dispose();
        }
    }
}
