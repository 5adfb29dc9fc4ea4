using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OpsAgent.Stomp;
using OpsAgent.Stomp.Broker;
using OpsAgent.Stomp.Protocol;
using OpsAgent.Tests.Support;

namespace OpsAgent.Tests.Unit.Stomp.Broker;

/// <summary>A client that sends exactly what a test tells it to, right or wrong.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly FrameDecoder _decoder = new(new StompLimits { MaxBodyBytes = 64 * 1024 * 1024 });
    private PipeReader? _input;

    /// <summary>Connects TCP and says nothing.</summary>
    public static async Task<RawPeer> OpenAsync(StompBroker broker)
    {
        var peer = new RawPeer();
        await peer._socket.ConnectAsync(IPAddress.Loopback, broker.Port);
        peer._input = PipeReader.Create(new NetworkStream(peer._socket));
        return peer;
    }

    public static async Task<RawPeer> ConnectedAsync(StompBroker broker, string version = "1.2", string headers = "")
    {
        var peer = await OpenAsync(broker);
        await peer.SendAsync($"CONNECT\naccept-version:{version}\nhost:localhost\n{headers}\n\0");
        await peer.ExpectAsync("CONNECTED");
        peer._decoder.Version = Frames.Version(version);
        return peer;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _socket.SendAsync(bytes, SocketFlags.None);

    /// <summary>Sends a frame with a receipt and waits for it; frames that come before it are thrown away.</summary>
    public async Task DoAsync(string command, params string[] headers)
    {
        await SendAsync(Frame(command, [.. headers, "receipt:done"]));
        while (await ReadAsync() is { Command: not StompCommand.Receipt } other)
        {
            if (other.Command == StompCommand.Error)
            {
                throw new InvalidOperationException($"{command} led to: {other.Headers.Get("message")}");
            }
        }
    }

    /// <summary>Every MESSAGE that the broker had for this peer when it read the frame that this sends.</summary>
    public async Task<List<StompFrame>> TakeAsync()
    {
        var taken = new List<StompFrame>();
        await SendAsync(Frame("SEND", ["destination:/topic/none", "receipt:taken"]));
        while (true)
        {
            var frame = await ReadAsync() ?? throw new InvalidOperationException("the connection was closed");
            if (frame.Command == StompCommand.Receipt)
            {
                return taken;
            }

            taken.Add(frame.Command == StompCommand.Message ? frame : throw new InvalidOperationException($"unexpected: {Text(frame)}"));
        }
    }

    public Task PublishAsync(string destination, string body, params string[] headers) =>
        SendAsync(Frame("SEND", [$"destination:{destination}", .. headers], body));

    /// <summary>The next frame; null when the broker has closed the connection in order.</summary>
    public async Task<StompFrame?> ReadAsync()
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        while (true)
        {
            var read = await _input!.ReadAsync(limit.Token);
            var bytes = read.Buffer;
            var complete = _decoder.TryRead(ref bytes, out var frame);
            _input.AdvanceTo(bytes.Start, complete ? bytes.Start : bytes.End);
            if (complete || read.IsCompleted)
            {
                return frame;
            }
        }
    }

    public async Task<StompFrame> ExpectAsync(string command)
    {
        var frame = await ReadAsync() ?? throw new InvalidOperationException($"expected {command}, and the connection was closed");
        return frame.Command.Text() == command
            ? frame
            : throw new InvalidOperationException($"expected {command}, and {Text(frame)} came");
    }

    /// <summary>The body of the next frame, which must be a MESSAGE.</summary>
    public async Task<string> ExpectBodyAsync() => BodyOf(await ExpectAsync("MESSAGE"));

    /// <summary>An ERROR with this in its message, and then an orderly close.</summary>
    public async Task<StompFrame> ExpectErrorAsync(string containing)
    {
        var error = await ExpectAsync("ERROR");
        Xunit.Assert.Contains(containing, error.Headers.Get("message"), StringComparison.Ordinal);
        Xunit.Assert.Null(await ReadAsync());
        return error;
    }

    /// <summary>The next byte is a line end between frames.</summary>
    public async Task ExpectHeartBeatAsync()
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        var read = await _input!.ReadAsync(limit.Token);
        Xunit.Assert.Equal((byte)'\n', read.Buffer.FirstSpan[0]);
        _input.AdvanceTo(read.Buffer.GetPosition(1));
    }

    /// <summary>Ends with a reset.</summary>
    public void Drop()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    public static string Frame(string command, IEnumerable<string> headers, string body = "") =>
        $"{command}\n{string.Concat(headers.Select(h => h + "\n"))}\n{body}\0";

    public static string BodyOf(StompFrame frame) => Encoding.UTF8.GetString(frame.Body.Span);

    private static string Text(StompFrame frame) =>
        $"{frame.Command} {string.Join(' ', frame.Headers.All.Select(h => $"{h.Key}:{h.Value}"))} [{BodyOf(frame)}]";
}
