using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpsAgent.Tests.Support.Servers;

/// <summary>
/// Deletes a queue of an ActiveMQ Classic as its console does, by the broker's own protocol: OpenWire's version 1, loose encoding, and of
/// that just the commands that it takes.
/// </summary>
public static class OpenWireAdmin
{
    private const byte WireFormatInfo = 1;
    private const byte ConnectionInfo = 3;
    private const byte DestinationInfo = 8;
    private const byte Response = 30;
    private const byte ExceptionResponse = 31;
    private const byte Queue = 100;
    private const byte ConnectionId = 120;
    private const byte Remove = 1;

    /// <summary>Deletes it.</summary>
    /// <param name="port">OpenWire's, on 127.0.0.1.</param>
    /// <param name="queue">Its name, without /queue/.</param>
    /// <param name="timeout">
    /// Zero: only if nobody subscribes to it. Longer, as the console has it (1 s): the broker detaches who subscribes.
    /// </param>
    /// <returns>What the broker had against it; null: it is deleted.</returns>
    public static async Task<string?> DeleteAsync(int port, string queue, TimeSpan timeout)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = client.GetStream();
        await SendAsync(stream, WireFormatInfo, [.. "ActiveMQ"u8, .. Int(1), .. Properties()]);
        await SendAsync(stream, ConnectionInfo,
        [
            .. Int(1), 1, .. Nested(ConnectionId, Text("admin")), .. Text("admin"), .. Text(ActiveMqBroker.Passcode), .. Text(ActiveMqBroker.Login), 0, 0, 0,
        ]);
        if (await AnswerAsync(stream, 1) is { } refused)
        {
            return refused;
        }

        await SendAsync(stream, DestinationInfo,
        [
            .. Int(2), 1, .. Nested(ConnectionId, Text("admin")), .. Nested(Queue, Text(queue)), Remove, .. Long((long)timeout.TotalMilliseconds), 0,
        ]);
        return await AnswerAsync(stream, 2);
    }

    /// <summary>Null for a plain response to that command, else the exception's text; other commands are passed over.</summary>
    private static async Task<string?> AnswerAsync(NetworkStream stream, int command)
    {
        var head = new byte[4];
        while (true)
        {
            await stream.ReadExactlyAsync(head).AsTask().WaitAsync(Eventually.Limit);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head)];
            await stream.ReadExactlyAsync(body).AsTask().WaitAsync(Eventually.Limit);

            // Type, the response's own number, whether it wants an answer, the number of what it answers.
            if (body[0] is Response or ExceptionResponse && BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(6)) == command)
            {
                return body[0] == Response ? null : Encoding.UTF8.GetString(body.AsSpan(10));
            }
        }
    }

    private static async Task SendAsync(NetworkStream stream, byte type, byte[] fields) =>
        await stream.WriteAsync((byte[])[.. Int(fields.Length + 1), type, .. fields]);

    // Without it no frame may be longer than 0 bytes.
    private static byte[] Properties()
    {
        const byte LongValue = 6;
        byte[] map = [.. Int(1), .. Short("MaxFrameSize".Length), .. "MaxFrameSize"u8, LongValue, .. Long(1 << 20)];
        return [1, .. Int(map.Length), .. map];
    }

    private static byte[] Nested(byte type, byte[] fields) => [1, type, .. fields];

    private static byte[] Text(string text) => [1, .. Short(text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Short(int number) => [(byte)(number >> 8), (byte)number];

    private static byte[] Int(int number) => [.. Short(number >> 16), .. Short(number)];

    private static byte[] Long(long number) => [.. Int((int)(number >> 32)), .. Int((int)number)];
}
