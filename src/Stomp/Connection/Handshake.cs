using System.IO.Pipelines;
using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Connection;

/// <summary>CONNECT and the broker's answer.</summary>
/// <param name="Input">The stream's reader; what the broker sent after its answer still stands in it.</param>
/// <param name="Decoder">Set to the version agreed on.</param>
/// <param name="Version">The version agreed on.</param>
/// <param name="HeartBeat">The heart-beats agreed on.</param>
/// <param name="Server">What the broker calls itself.</param>
internal sealed record Handshake(PipeReader Input, FrameDecoder Decoder, StompVersion Version, HeartBeat HeartBeat, string? Server)
{
    private const int ReadSize = 16 * 1024;

    /// <exception cref="BrokerRefusedException">The broker answered with ERROR.</exception>
    /// <exception cref="StompProtocolException">The answer makes no sense.</exception>
    public static async Task<Handshake> MakeAsync(
        Stream stream,
        StompClientOptions options,
        StompEndpoint endpoint,
        CancellationToken cancellationToken)
    {
        var connect = new SendBuffer();
        ClientFrames.Connect(connect, options, endpoint);
        await stream.WriteAsync(connect.Written, cancellationToken);

        var input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadSize, minimumReadSize: ReadSize / 4, leaveOpen: true));
        var decoder = new FrameDecoder(options.Limits);
        var answer = await ReadFrameAsync(input, decoder, cancellationToken);
        if (answer.Command == StompCommand.Error)
        {
            throw new BrokerRefusedException($"the broker refused the connection: {BrokerError.Text(answer)}");
        }

        if (answer.Command != StompCommand.Connected)
        {
            throw new StompProtocolException(StompProtocolError.UnexpectedFrame, $"the broker answered CONNECT with a {answer.Command} frame");
        }

        decoder.Version = AgreedVersion(answer.Headers.Get(KnownHeaders.Version) ?? "1.0", options);
        var heartBeat = new HeartBeat(options.HeartBeatSend, options.HeartBeatReceive).Agree(answer.Headers.Get(KnownHeaders.HeartBeat));
        var server = answer.Headers.Get(KnownHeaders.Server) is { } name ? Printable.Line(name) : null;
        return new Handshake(input, decoder, decoder.Version, heartBeat, server);
    }

    private static async Task<StompFrame> ReadFrameAsync(PipeReader input, FrameDecoder decoder, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var bytes = read.Buffer;
            var complete = decoder.TryRead(ref bytes, out var frame);

            // Behind a complete frame nothing has been looked at, so the next read must hand it out again at once.
            input.AdvanceTo(bytes.Start, complete ? bytes.Start : bytes.End);
            if (complete)
            {
                return frame!;
            }

            if (read.IsCompleted)
            {
                throw new BrokerRefusedException("the broker closed the connection without an answer to CONNECT");
            }
        }
    }

    private static StompVersion AgreedVersion(string text, StompClientOptions options) =>
        options.AcceptVersions.Contains(text) && StompVersions.TryParse(text, out var version)
            ? version
            : throw new StompProtocolException(
                StompProtocolError.UnsupportedVersion,
                $"the broker chose version {Printable.Line(text)}, which was not offered");
}
