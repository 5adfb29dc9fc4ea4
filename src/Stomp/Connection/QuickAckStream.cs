using System.Net.Sockets;

namespace OpsAgent.Stomp.Connection;

/// <summary>
/// A socket's stream that acknowledges what it receives at once. Brokers write a frame in several small segments, and Nagle's
/// algorithm there waits for the acknowledgement that Linux delays here: up to 40 ms a message.
/// </summary>
internal sealed class QuickAckStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private const int IpProtoTcp = 6;
    private const int TcpQuickAck = 12;
    private static readonly byte[] On = [1, 0, 0, 0];

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Linux forgets the option by itself, so it is set before each read.
        if (OperatingSystem.IsLinux())
        {
            Socket.SetRawSocketOption(IpProtoTcp, TcpQuickAck, On);
        }

        return base.ReadAsync(buffer, cancellationToken);
    }
}
