using System.Net;
using System.Net.Sockets;

namespace OpsAgent.Tests.Support;

/// <summary>A client that does as the test says and hides nothing: any bytes go out, and every frame is shown as it came, still escaped.</summary>
public sealed class RawStompClient : IAsyncDisposable
{
    private readonly ScriptedStompConnection _connection;

    private RawStompClient(Socket socket) => _connection = new ScriptedStompConnection(socket, new NetworkStream(socket, ownsSocket: true));

    /// <summary>Line ends that came between frames.</summary>
    public int HeartBeats => _connection.HeartBeats;

    /// <summary>Completes when the broker has closed.</summary>
    public Task Ended => _connection.Reading;

    /// <summary>TCP only; nothing is sent.</summary>
    public static async Task<RawStompClient> OpenAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new RawStompClient(socket);
    }

    /// <summary>Sends a frame without a body; each header is a line as it goes on the wire.</summary>
    public Task SendAsync(string command, params string[] headers) => SendTextAsync(command, headers, "");

    /// <summary>Sends a frame with a body, without content-length.</summary>
    public Task SendTextAsync(string command, string[] headers, string body) =>
        SendRawAsync($"{command}\n{string.Concat(headers.Select(h => h + "\n"))}\n{body}\0");

    /// <summary>Sends just that.</summary>
    public Task SendRawAsync(string text) => _connection.SendRawAsync(text);

    /// <summary>The next frame, which must be of this command.</summary>
    public Task<ScriptedStompFrame> ExpectAsync(string command) => _connection.ExpectAsync(command);

    /// <summary>What comes before the receipt of that id; the receipt itself is not among it.</summary>
    public async Task<IReadOnlyList<ScriptedStompFrame>> UntilReceiptAsync(string id)
    {
        var before = new List<ScriptedStompFrame>();
        while (await _connection.NextAsync() is { } frame)
        {
            if (frame.Command == "RECEIPT" && frame["receipt-id"] == id)
            {
                return before;
            }

            before.Add(frame);
        }

        throw new InvalidOperationException($"the connection ended without the receipt {id}; came: {string.Join("; ", before)}");
    }

    /// <summary>What comes before the broker closes.</summary>
    public async Task<IReadOnlyList<ScriptedStompFrame>> UntilEndAsync()
    {
        var frames = new List<ScriptedStompFrame>();
        while (await _connection.NextAsync() is { } frame)
        {
            frames.Add(frame);
        }

        return frames;
    }

    /// <summary>DISCONNECT, and its receipt: what this client held is given back now.</summary>
    public async Task LeaveAsync()
    {
        await SendAsync("DISCONNECT", "receipt:left");
        await UntilReceiptAsync("left");
    }

    /// <summary>Takes nothing any more and stays connected.</summary>
    public Task StopReadingAsync() => _connection.StopReadingAsync();

    /// <summary>Goes without a word.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
