using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace OpsAgent.Tests.Support;

/// <summary>The server's end of one connection, in the hands of a test.</summary>
public sealed class ScriptedStompConnection : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly Channel<ScriptedStompFrame> _frames = Channel.CreateUnbounded<ScriptedStompFrame>();
    private readonly CancellationTokenSource _stopReading = new();
    private readonly ScriptedStompReader _reader;
    private int _reads;

    internal ScriptedStompConnection(Socket socket, Stream stream)
    {
        (_socket, _stream) = (socket, stream);
        _reader = new ScriptedStompReader(frame => _frames.Writer.TryWrite(frame));
        Reading = ReadAsync();
    }

    /// <summary>Completes when the client's side is closed, or reading was stopped.</summary>
    public Task Reading { get; }

    /// <summary>Line ends that came between frames.</summary>
    public int HeartBeats => _reader.HeartBeats;

    /// <summary>How often the socket had something: frames that came in one write are one read, mostly.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Frames that came and were not expected yet.</summary>
    public int FramesWaiting => _frames.Reader.Count;

    /// <summary>The next frame, which must be of this command.</summary>
    public async Task<ScriptedStompFrame> ExpectAsync(string command)
    {
        ScriptedStompFrame frame;
        try
        {
            frame = await _frames.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Limit);
        }
        catch (Exception e) when (e is TimeoutException or ChannelClosedException)
        {
            throw new InvalidOperationException($"expected {command}, and nothing came: {e.Message}", e);
        }

        return frame.Command == command ? frame : throw new InvalidOperationException($"expected {command}, and {frame} came");
    }

    /// <summary>The next frame, whatever it is; null once the peer has closed and all it sent has been taken.</summary>
    public async Task<ScriptedStompFrame?> NextAsync()
    {
        using var late = new CancellationTokenSource(Eventually.Limit, TimeProvider.System);
        try
        {
            return await _frames.Reader.WaitToReadAsync(late.Token) && _frames.Reader.TryRead(out var frame) ? frame : null;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"neither a frame nor the end within {Eventually.Limit.TotalSeconds:0} s");
        }
    }

    /// <summary>Reads CONNECT and answers CONNECTED.</summary>
    public async Task<ScriptedStompFrame> GrantAsync(string version = "1.2", string heartBeat = "0,0")
    {
        var connect = await ExpectAsync("CONNECT");
        await SendFrameAsync("CONNECTED", [("version", version), ("heart-beat", heartBeat), ("server", "scripted/1")]);
        return connect;
    }

    /// <summary>Sends a MESSAGE with the headers of version 1.2; a body given is sent without content-length.</summary>
    public Task SendMessageAsync(string subscription, string id, string body, string destination = "/queue/a", params (string Name, string Value)[] headers) =>
        SendFrameAsync("MESSAGE", [("destination", destination), ("message-id", id), ("subscription", subscription), ("ack", id), .. headers], body);

    /// <summary>Answers a frame that asked for a receipt.</summary>
    public Task SendReceiptAsync(ScriptedStompFrame frame) => SendFrameAsync("RECEIPT", [("receipt-id", frame["receipt"]!)]);

    /// <summary>Sends a frame; names and values go as they are given, unescaped.</summary>
    public Task SendFrameAsync(string command, (string Name, string Value)[] headers, string body = "") =>
        SendRawAsync($"{command}\n{string.Concat(headers.Select(h => $"{h.Name}:{h.Value}\n"))}\n{body}\0");

    public Task SendRawAsync(string text) => SendRawAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes);
        await _stream.FlushAsync();
    }

    /// <summary>Takes nothing from the socket any more and closes nothing: a peer that hangs.</summary>
    public async Task StopReadingAsync()
    {
        await _stopReading.CancelAsync();
        await Reading;
    }

    /// <summary>Ends with a reset, as a killed broker's kernel does.</summary>
    public void Drop()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    /// <summary>Ends in order.</summary>
    public void Close() => _stream.Dispose();

    public async ValueTask DisposeAsync()
    {
        await _stopReading.CancelAsync();
        _socket.Dispose();
        await Reading;
        await _stream.DisposeAsync();
        _stopReading.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await _stream.ReadAsync(buffer, _stopReading.Token) is > 0 and var count)
            {
                Interlocked.Increment(ref _reads);
                _reader.Add(buffer.AsSpan(0, count));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The client went, or the test stopped it.
        }

        _frames.Writer.TryComplete();
    }
}
