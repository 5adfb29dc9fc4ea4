using FsCheck;
using FsCheck.Fluent;
using OpsAgent.Stomp;
using OpsAgent.Stomp.Protocol;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp;

public sealed class FrameProperties
{
    private static readonly string[] Fragments = ["MESSAGE\n", "RECEIPT\n", "ERROR\r\n", "content-length:", "7\n", "\n", "\0", "a:b\n", ":", "\\", "\\n", "xxxxxxxxxxxx", "\r", "ä"];

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.1")]
    public void Whatever_is_written_is_read_back(string version) => Prop.ForAll(
        Arb.From(WireGen()),
        frame =>
        {
            var output = new SendBuffer();
            new FrameEncoder(output, Frames.Version(version), StompCommand.Message).Headers(frame.Headers).End(frame.Body, contentLength: true);
            var wire = output.Written.ToArray();
            var read = Frames.InPieces(wire.Chunk(frame.PieceSize), version, new StompLimits()).Single();

            return read.Headers.All.SkipLast(1).SequenceEqual(frame.Headers) && read.Body.Span.SequenceEqual(frame.Body);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Garbage_leads_to_frames_or_to_a_protocol_error_and_never_to_more_memory() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(
            Arb.From(Gen.ListOf(Gen.OneOf(
                Gen.Elements(Fragments).Select(System.Text.Encoding.UTF8.GetBytes),
                Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b))))),
            pieces =>
            {
                var limits = new StompLimits { MaxHeaders = 5, MaxHeaderBytes = 40, MaxBodyBytes = 20 };
                long mostLeft = 0;
                List<StompFrame> frames = [];
                try
                {
                    frames = Frames.InPieces(pieces, "1.2", limits, out mostLeft);
                }
                catch (StompProtocolException)
                {
                    // The only exception that may come.
                }

                return mostLeft <= limits.MaxHeaderBytes + 1 && frames.TrueForAll(f => f.Body.Length <= limits.MaxBodyBytes);
            }));

    private static Gen<WireFrame> WireGen()
    {
        // Escapes, line ends and what takes several octets come often; a surrogate alone is no text and can't come back.
        var text = Gen.ArrayOf(Gen.OneOf(Gen.Elements("\n", "\r", ":", "\\", "\0", "ä", "€", "🎈", "\\n"), Gen.Choose(32, 126).Select(c => ((char)c).ToString())))
            .Select(string.Concat);
        var name = text.Select(t => "x" + t);
        var header = name.SelectMany(n => text.Select(v => KeyValuePair.Create(n, v)));
        var body = Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b));
        return Gen.ListOf(header).SelectMany(h => body.SelectMany(b => Gen.Choose(1, 50).Select(p => new WireFrame([.. h], b, p))));
    }

    private sealed record WireFrame(IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body, int PieceSize);
}
