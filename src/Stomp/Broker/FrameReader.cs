using System.IO.Pipelines;
using System.Net.Sockets;
using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Broker;

/// <summary>The frames of one client, one after the other.</summary>
internal sealed class FrameReader(Stream stream, Socket socket, TimeProvider time)
{
    private const int ReadSize = 16 * 1024;

    // Zero-byte reads: a connection that says nothing holds no buffer.
    private readonly PipeReader _input = PipeReader.Create(
        stream,
        new StreamPipeReaderOptions(bufferSize: ReadSize, minimumReadSize: ReadSize / 4, leaveOpen: true, useZeroByteReads: true));

    private long _lastRead = time.GetTimestamp();
    private volatile bool _reading;

    /// <summary>Set anew when the client has connected.</summary>
    public required FrameDecoder Decoder { get; set; }

    /// <summary>When the client last said something; now, while nobody listens to it.</summary>
    public long LastSignOfLife
    {
        get
        {
            try
            {
                return _reading && socket.Available == 0 ? Volatile.Read(ref _lastRead) : time.GetTimestamp();
            }
            catch (ObjectDisposedException)
            {
                // The connection is ending already.
                return time.GetTimestamp();
            }
        }
    }

    /// <summary>The next frame; null when the client has closed its side.</summary>
    public async ValueTask<StompFrame?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            _reading = true;
            var read = await _input.ReadAsync(cancellationToken);
            Volatile.Write(ref _lastRead, time.GetTimestamp());
            _reading = false;
            var bytes = read.Buffer;
            var complete = Decoder.TryRead(ref bytes, out var frame);

            // Behind a complete frame nothing has been looked at, so the next read hands it out again at once.
            _input.AdvanceTo(bytes.Start, complete ? bytes.Start : bytes.End);
            if (complete || read.IsCompleted)
            {
                return frame;
            }
        }
    }

    public void Complete() => _input.Complete();
}
