using System.Buffers;
using System.Text;
using OpsAgent.Stomp;
using OpsAgent.Stomp.Protocol;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp;

public sealed class FrameDecoderTests
{
    [Fact]
    public void A_message_is_read_with_its_headers_and_body()
    {
        var frame = Frames.One("MESSAGE\ndestination:/queue/a\nmessage-id:7\n\nhello\0");

        Assert.Equal(StompCommand.Message, frame.Command);
        Assert.Equal("/queue/a", frame.Headers.Get("destination"));
        Assert.Equal("7", frame.Headers.Get("message-id"));
        Assert.Null(frame.Headers.Get("ack"));
        Assert.Equal("hello", Encoding.UTF8.GetString(frame.Body.Span));
        Assert.False(frame.BodyTooLarge);
        Assert.False(frame.HeadersDropped);
    }

    [Fact]
    public void Of_a_repeated_header_the_first_counts()
    {
        var frame = Frames.One("MESSAGE\nfoo:first\nfoo:second\n\n\0");

        Assert.Equal("first", frame.Headers.Get("foo"));
        Assert.Equal(2, frame.Headers.All.Count);
    }

    [Fact]
    public void Of_a_repeated_content_length_the_first_counts() =>
        Assert.Equal("ab\0c", Text(Frames.One("MESSAGE\ncontent-length:4\ncontent-length:2\n\nab\0c\0")));

    [Fact]
    public void With_content_length_a_body_may_hold_nul() =>
        Assert.Equal("a\0b", Text(Frames.One("MESSAGE\ncontent-length:3\n\na\0b\0")));

    [Fact]
    public void Line_ends_between_frames_are_heart_beats_and_no_frames()
    {
        var frames = Frames.All("\n\n\r\nRECEIPT\nreceipt-id:1\n\n\0\n\n\nRECEIPT\nreceipt-id:2\n\n\0\n");

        Assert.Equal(["1", "2"], frames.Select(f => f.Headers.Get("receipt-id")));
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.1")]
    [InlineData("1.0")]
    public void Lines_may_end_in_CR_LF(string version)
    {
        var frame = Frames.One("MESSAGE\r\nfoo:bar\r\n\r\nbody\r\n\0", version);

        Assert.Equal("bar", frame.Headers.Get("foo"));
        Assert.Equal("body\r\n", Text(frame));
    }

    [Fact]
    public void Before_1_2_a_CR_is_part_of_the_value_when_the_frame_ends_its_lines_in_LF()
    {
        Assert.Equal("bar\r", Frames.One("MESSAGE\nfoo:bar\r\n\n\0", "1.1").Headers.Get("foo"));
        Assert.Equal("bar", Frames.One("MESSAGE\nfoo:bar\r\n\n\0", "1.2").Headers.Get("foo"));
    }

    [Theory]
    [InlineData("1.2", @"a\r\n\c\\b", "a\r\n:\\b")]
    [InlineData("1.1", @"a\n\c\\b", "a\n:\\b")]
    [InlineData("1.0", @"a\r\n\c\\b\t", @"a\r\n\c\\b\t")]
    [InlineData("1.2", @"\\n", @"\n")]
    public void Header_values_are_unescaped_as_their_version_says(string version, string wire, string value) =>
        Assert.Equal(value, Frames.One($"MESSAGE\nfoo:{wire}\n\n\0", version).Headers.Get("foo"));

    [Fact]
    public void Header_names_are_unescaped_too() =>
        Assert.Equal("v", Frames.One("MESSAGE\na\\cb:v\n\n\0").Headers.Get("a:b"));

    [Fact]
    public void CONNECTED_is_never_unescaped() =>
        Assert.Equal(@"a\cb\t", Frames.One("CONNECTED\nserver:a\\cb\\t\n\n\0").Headers.Get("server"));

    [Fact]
    public void A_value_may_hold_colons_and_blanks_which_are_kept() =>
        Assert.Equal(" a:b ", Frames.One("MESSAGE\nfoo: a:b \n\n\0").Headers.Get("foo"));

    [Fact]
    public void Octets_that_are_no_UTF8_do_not_end_the_connection() =>
        Assert.Equal("a\uFFFDb", Frames.All([.. "MESSAGE\nfoo:a"u8, 0xFF, .. "b\n\n\0"u8], "1.2", new StompLimits()).Single().Headers.Get("foo"));

    [Theory]
    [InlineData("1.2", @"a\tb")]
    [InlineData("1.1", @"a\rb")]
    [InlineData("1.2", @"a\")]
    public void An_escape_that_the_version_does_not_know_is_an_error(string version, string wire) =>
        Malformed(StompProtocolError.UndefinedEscape, $"MESSAGE\nfoo:{wire}\n\n\0", version);

    [Theory]
    [InlineData(nameof(StompProtocolError.UnknownCommand), "HELLO\n\n\0")]
    [InlineData(nameof(StompProtocolError.UnknownCommand), "message\n\n\0")]
    [InlineData(nameof(StompProtocolError.UnknownCommand), "HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData(nameof(StompProtocolError.UnknownCommand), "\u0016\u0003\u0001 and no line end for a long time")]
    [InlineData(nameof(StompProtocolError.MalformedHeader), "MESSAGE\nno colon\n\n\0")]
    [InlineData(nameof(StompProtocolError.InvalidContentLength), "MESSAGE\ncontent-length:x\n\n\0")]
    [InlineData(nameof(StompProtocolError.InvalidContentLength), "MESSAGE\ncontent-length:-1\n\n\0")]
    [InlineData(nameof(StompProtocolError.InvalidContentLength), "MESSAGE\ncontent-length:\n\n\0")]
    [InlineData(nameof(StompProtocolError.InvalidContentLength), "MESSAGE\ncontent-length:99999999999999999999\n\n\0")]
    [InlineData(nameof(StompProtocolError.MissingTerminator), "MESSAGE\ncontent-length:2\n\nabc\0")]
    public void What_is_malformed_is_told_apart(string error, string wire) => Malformed(Enum.Parse<StompProtocolError>(error), wire, "1.2");

    [Fact]
    public void Frames_are_the_same_wherever_their_bytes_are_split()
    {
        var wire = Encoding.UTF8.GetBytes(
            "\nMESSAGE\r\nfoo:b\\c\\\\är\r\ncontent-length:5\r\n\r\na\0b\nc\0\nRECEIPT\nreceipt-id:9\n\n\0MESSAGE\nx:y\n\nbody\0\n");
        var whole = Frames.All(wire, "1.2", new StompLimits()).Select(Describe).ToList();
        Assert.Equal(3, whole.Count);

        for (var at = 0; at <= wire.Length; at++)
        {
            Assert.Equal(whole, Frames.InPieces([wire[..at], wire[at..]], "1.2", new StompLimits()).Select(Describe));
        }

        Assert.Equal(whole, Frames.InPieces(wire.Select(b => new[] { b }), "1.2", new StompLimits()).Select(Describe));
    }

    [Fact]
    public void A_header_line_may_lie_across_segments()
    {
        var wire = "MESSAGE\nfoo:bar\n\nbody\0"u8.ToArray();
        var first = new Piece(wire.AsMemory(0, 11));
        var last = first.Append(wire.AsMemory(11, 8)).Append(wire.AsMemory(19));
        var input = new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);

        Assert.True(new FrameDecoder(new StompLimits()).TryRead(ref input, out var frame));
        Assert.Equal("bar", frame!.Headers.Get("foo"));
        Assert.Equal("body", Text(frame));
    }

    private static string Describe(StompFrame frame) =>
        $"{frame.Command}|{string.Join('|', frame.Headers.All)}|{Text(frame)}|{frame.BodyTooLarge}|{frame.HeadersDropped}";

    private static string Text(StompFrame frame) => Encoding.UTF8.GetString(frame.Body.Span);

    private static void Malformed(StompProtocolError error, string wire, string version) =>
        Assert.Equal(error, Assert.Throws<StompProtocolException>(() => Frames.All(wire, version)).Error);

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Piece Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
