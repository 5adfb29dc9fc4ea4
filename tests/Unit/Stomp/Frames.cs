using System.Buffers;
using System.Text;
using OpsAgent.Stomp;
using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Tests.Unit.Stomp;

/// <summary>Feeds a decoder as a pipe does: what it leaves comes again, with the next piece behind it.</summary>
internal static class Frames
{
    public static StompVersion Version(string text) =>
        StompVersions.TryParse(text, out var version) ? version : throw new ArgumentException(text);

    public static StompFrame One(string wire, string version = "1.2") => All(wire, version).Single();

    public static List<StompFrame> All(string wire, string version = "1.2") => All(Encoding.UTF8.GetBytes(wire), version, new StompLimits());

    public static List<StompFrame> All(byte[] wire, string version, StompLimits limits) => InPieces([wire], version, limits);

    public static List<StompFrame> InPieces(IEnumerable<byte[]> pieces, string version, StompLimits limits) =>
        InPieces(pieces, version, limits, out _);

    /// <param name="pieces">The bytes, as they come.</param>
    /// <param name="version">The version agreed on.</param>
    /// <param name="limits">The decoder's.</param>
    /// <param name="mostLeft">The most that the decoder ever left standing in the pipe.</param>
    public static List<StompFrame> InPieces(IEnumerable<byte[]> pieces, string version, StompLimits limits, out long mostLeft)
    {
        var decoder = new FrameDecoder(limits) { Version = Version(version) };
        var frames = new List<StompFrame>();
        byte[] left = [];
        mostLeft = 0;
        foreach (var piece in pieces)
        {
            var input = new ReadOnlySequence<byte>([.. left, .. piece]);
            while (decoder.TryRead(ref input, out var frame))
            {
                frames.Add(frame!);
            }

            left = input.ToArray();
            mostLeft = Math.Max(mostLeft, left.Length);
        }

        return frames;
    }
}
