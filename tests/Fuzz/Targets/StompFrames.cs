using System.Buffers;
using System.Globalization;
using System.Text;
using OpsAgent.Stomp;
using OpsAgent.Stomp.Protocol;
using OpsAgent.Tests.Fuzz.Engine;

namespace OpsAgent.Tests.Fuzz.Targets;

/// <summary>
/// What a broker, or anybody who gets hold of its port, may send. However the bytes are cut, the same frames come of them, and a
/// frame that was read is written and read again as the same.
/// </summary>
internal sealed class StompFrames : ITarget
{
    public const string Title = "stomp-frames";

    private static readonly StompLimits Small = new() { MaxHeaders = 5, MaxHeaderBytes = 60, MaxBodyBytes = 40 };
    private static readonly StompLimits Usual = new() { MaxBodyBytes = 4096 };
    private static readonly StompLimits Wide = new() { MaxHeaders = 2000, MaxHeaderBytes = 4 << 20, MaxBodyBytes = 4 << 20 };
    private static readonly StompVersion[] Versions = [StompVersion.V10, StompVersion.V11, StompVersion.V12];

    private static readonly string[] Names =
        ["destination", "message-id", "subscription", "content-length", "receipt", "ack", "a", "ä", "\\c", "x\\n", "", "JMSXUserID", "timestamp"];

    private static readonly string[] Values =
        ["", "1", "/queue/epicprod.ops", "\\n", "\\c", "\\\\", "\\r", "\\t", "\\", "a:b", "\r", "ID:host-1-2:3", "€", "\0", new string('v', 70)];

    private static readonly string[] Lengths = ["0", "1", "5", "7", "-1", "+3", " 2 ", "1e3", "4097", "99999999999999999999", "2147483648", ""];

    private readonly byte[][] _seeds = SeedFiles.Of(Title);

    private readonly Mutator _mutator = new(
        "MESSAGE\n", "RECEIPT\n", "ERROR\r\n", "CONNECTED\n", "content-length:", "7\n", "\n", "\n\n", "\0", "a:b\n", ":", "\\", "\\n", "\r", "\r\n", "ä",
        "\uFEFF", "SEND\n", "receipt:x\n");

    public string Name => Title;

    public long AllocationLimit => 32 << 20;

    public byte[] Make(Dice dice)
    {
        var made = dice.OneIn(3) ? _seeds[dice.Below(_seeds.Length)] : Frames(dice);
        return dice.OneIn(3) ? made : _mutator.Damage(made, _seeds[dice.Below(_seeds.Length)], dice);
    }

    public bool Run(byte[] input)
    {
        var dice = Dice.Of(input);
        var version = dice.Of<StompVersion>(Versions);
        var limits = dice.Of(Small, Usual);
        var skips = !dice.OneIn(4);
        var whole = Reading.Of(input, [input.Length], version, limits, skips);
        var cut = Reading.Of(input, Cuts(input.Length, dice), version, limits, skips);
        if (!whole.IsSameAs(cut))
        {
            throw new BrokenRuleException($"cut it reads otherwise ({version}):\n{whole.Told}\nand cut\n{cut.Told}");
        }

        foreach (var frame in whole.Frames)
        {
            BrokenRuleException.Unless(frame.Body.Length <= limits.MaxBodyBytes, "a body beyond the limit");
            BrokenRuleException.Unless(frame.Headers.All.Count <= limits.MaxHeaders + 23, "headers beyond the limit");
            WriteAndRead(frame, version);
        }

        return whole.Frames.Count > 0;
    }

    public void Dispose()
    {
    }

    private static byte[] Frames(Dice dice)
    {
        var text = new StringBuilder();
        for (var frames = dice.Between(1, 3); frames > 0; frames--)
        {
            var end = dice.OneIn(6) ? "\r\n" : "\n";
            text.Append(((StompCommand)dice.Below(15)).Text()).Append(end);
            for (var headers = dice.Size(40); headers > 0; headers--)
            {
                text.Append(dice.Of<string>(Names)).Append(':').Append(dice.Of<string>(Values)).Append(end);
            }

            var body = new string('b', dice.Size(6000)) + (dice.OneIn(5) ? "\0c\n" : "");
            if (dice.OneIn(2))
            {
                var length = dice.OneIn(3) ? dice.Of<string>(Lengths) : body.Length.ToString(CultureInfo.InvariantCulture);
                text.Append("content-length:").Append(length).Append(end);
            }

            text.Append(end).Append(body).Append('\0').Append(dice.OneIn(3) ? "\n\r\n" : "");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static int[] Cuts(int length, Dice dice)
    {
        var ends = new SortedSet<int> { length };
        for (var cuts = dice.Between(1, 40); cuts > 0; cuts--)
        {
            ends.Add(dice.Below(length + 1));
        }

        return [.. ends];
    }

    private static void WriteAndRead(StompFrame frame, StompVersion version)
    {
        var headers = frame.Headers.All.Where(h => h.Key != KnownHeaders.ContentLength).ToList();

        // An empty name can't be written; and CR at a line's end has no escape in CONNECT.
        if (headers.Exists(h => h.Key.Length == 0 || (!frame.Command.EscapesHeaders() && h.Value.Contains('\r', StringComparison.Ordinal))))
        {
            return;
        }

        var output = new SendBuffer();
        new FrameEncoder(output, version, frame.Command).Headers(headers).End(frame.Body.Span, contentLength: true);
        var wire = output.Written.ToArray();
        var again = Reading.Of(wire, [wire.Length], version, Wide, skips: true);
        if (again is not { Failure: null, Frames: [var read] }
            || read.Command != frame.Command || !read.Body.Span.SequenceEqual(frame.Body.Span) || !read.Headers.All.SkipLast(1).SequenceEqual(headers))
        {
            throw new BrokenRuleException($"a frame that is written reads otherwise ({version}):\n{Reading.Tell(frame)}\nand again\n{again.Told}");
        }
    }

    /// <summary>What came of some bytes.</summary>
    private sealed class Reading
    {
        public List<StompFrame> Frames { get; } = [];

        public StompProtocolError? Failure { get; private set; }

        public string Told => string.Join('\n', Frames.Select(Tell)) + $"\nthen {Failure?.ToString() ?? "no error"}";

        public bool IsSameAs(Reading other) => Failure == other.Failure && Frames.Count == other.Frames.Count
            && Frames.Zip(other.Frames).All(static p => IsSame(p.First, p.Second));

        public static string Tell(StompFrame frame)
        {
            var headers = string.Join('|', frame.Headers.All.Select(h => $"{h.Key}={h.Value}"));
            return $"{frame.Command} [{headers}] {Convert.ToHexString(frame.Body.Span)} "
                + $"large {frame.BodyTooLarge}, dropped {frame.HeadersDropped}, {frame.Bytes} bytes";
        }

        private static bool IsSame(StompFrame one, StompFrame other) =>
            one.Command == other.Command && one.Bytes == other.Bytes && one.BodyTooLarge == other.BodyTooLarge
            && one.HeadersDropped == other.HeadersDropped && one.Body.Span.SequenceEqual(other.Body.Span)
            && one.Headers.All.SequenceEqual(other.Headers.All);

        /// <summary>Feeds a decoder as a pipe does: what it leaves comes again with more behind it.</summary>
        public static Reading Of(byte[] input, int[] ends, StompVersion version, StompLimits limits, bool skips)
        {
            var reading = new Reading();
            var decoder = new FrameDecoder(limits, skips) { Version = version };
            var all = CutSequence.Of(input, ends);
            var taken = 0L;
            try
            {
                foreach (var end in ends)
                {
                    var given = all.Slice(taken, end - taken);
                    while (decoder.TryRead(ref given, out var frame))
                    {
                        reading.Frames.Add(frame!);
                    }

                    taken = end - given.Length;
                    BrokenRuleException.Unless(given.Length <= limits.MaxHeaderBytes + 1, "more bytes are left standing than a header line may have");
                }
            }
            catch (StompProtocolException e)
            {
                reading.Failure = e.Error;
            }

            return reading;
        }
    }
}
