using System.Text;
using OpsAgent.Stomp;
using OpsAgent.Stomp.Protocol;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp;

public sealed class FrameLimitsTests
{
    private static readonly StompLimits Small = new() { MaxHeaders = 4, MaxHeaderBytes = 100, MaxBodyBytes = 10 };

    [Theory]
    [InlineData("content-length:11\n", "01234567890")]
    [InlineData("", "01234567890")]
    public void A_message_whose_body_is_too_large_is_handed_on_without_it(string contentLength, string body)
    {
        var frames = Frames.InPieces([Bytes($"MESSAGE\nack:5\n{contentLength}\n{body}\0MESSAGE\nack:6\n\nok\0")], "1.2", Small);

        Assert.Equal(["5", "6"], frames.Select(f => f.Headers.Get("ack")));
        Assert.Equal([true, false], frames.Select(f => f.BodyTooLarge));
        Assert.True(frames[0].Body.IsEmpty);
        Assert.Equal("ok", Encoding.UTF8.GetString(frames[1].Body.Span));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    public void A_frame_is_as_long_as_it_was_on_the_wire_whatever_was_skipped_or_dropped_of_it(int piece)
    {
        var large = $"MESSAGE\nack:5\n\n{new string('x', 500)}\0";
        var manyHeaders = $"MESSAGE\nack:6\n{string.Concat(Enumerable.Range(0, 50).Select(i => $"h{i}:v\n"))}\nok\0";
        var frames = Frames.InPieces(Bytes($"\n\n\n{large}\n\n{manyHeaders}\n").Chunk(piece), "1.2", Small);

        Assert.Equal([large.Length, manyHeaders.Length], frames.Select(f => f.Bytes));
    }

    [Theory]
    [InlineData("content-length:10\n")]
    [InlineData("")]
    public void A_body_exactly_at_the_limit_is_kept(string contentLength)
    {
        var frame = Frames.InPieces(Bytes($"MESSAGE\n{contentLength}\n0123456789\0").Chunk(3), "1.2", Small).Single();

        Assert.False(frame.BodyTooLarge);
        Assert.Equal("0123456789", Encoding.UTF8.GetString(frame.Body.Span));
    }

    [Theory]
    [InlineData("content-length:100000000\n")]
    [InlineData("")]
    public void A_huge_body_costs_no_memory(string contentLength)
    {
        const int Size = 100_000_000;
        var piece = Encoding.ASCII.GetBytes(new string('x', 10_000));
        var pieces = Enumerable.Repeat(piece, Size / piece.Length).Prepend(Bytes($"MESSAGE\nack:1\n{contentLength}\n")).Append([0]);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var frame = Frames.InPieces(pieces, "1.2", Small, out var mostLeft).Single();

        Assert.True(frame.BodyTooLarge);
        Assert.Equal("1", frame.Headers.Get("ack"));
        Assert.Equal(0, mostLeft);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 20_000_000);
    }

    [Fact]
    public void A_body_too_large_in_a_frame_that_has_none_is_an_error() =>
        Throws(StompProtocolError.BodyTooLarge, "RECEIPT\nreceipt-id:1\n\n01234567890\0");

    [Fact]
    public void Too_many_headers_are_an_error_outside_a_message() =>
        Throws(StompProtocolError.TooManyHeaders, "RECEIPT\na:1\nb:2\nc:3\nd:4\ne:5\n\n\0");

    [Fact]
    public void Headers_too_large_are_an_error_outside_a_message()
    {
        Throws(StompProtocolError.HeadersTooLarge, $"RECEIPT\na:{new string('x', 60)}\nb:{new string('x', 60)}\n\n\0");
        Throws(StompProtocolError.HeadersTooLarge, $"RECEIPT\na:{new string('x', 200)}");
    }

    [Fact]
    public void A_message_with_too_many_headers_keeps_those_that_an_ack_needs()
    {
        var frame = Frames.InPieces([Bytes("MESSAGE\na:1\nb:2\nc:3\nd:4\ne:5\nack:9\nack:10\nsubscription:1\n\nbody\0")], "1.2", Small).Single();

        Assert.True(frame.HeadersDropped);
        Assert.Equal(["a", "b", "c", "d", "ack", "subscription"], frame.Headers.All.Select(h => h.Key));
        Assert.Equal("9", frame.Headers.Get("ack"));
        Assert.Equal("body", Encoding.UTF8.GetString(frame.Body.Span));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void A_message_with_a_huge_header_is_handed_on_without_it_and_costs_no_memory(int pieceSize)
    {
        var wire = Bytes($"MESSAGE\nack:9\nhuge:{new string('x', 20_000)}\nmessage-id:7\n\nbody\0MESSAGE\nack:10\n\nnext\0");

        var frames = Frames.InPieces(wire.Chunk(pieceSize), "1.2", Small, out var mostLeft);

        Assert.Equal(["9", "10"], frames.Select(f => f.Headers.Get("ack")));
        Assert.Equal([true, false], frames.Select(f => f.HeadersDropped));
        Assert.Equal("7", frames[0].Headers.Get("message-id"));
        Assert.InRange(mostLeft, 0, Small.MaxHeaderBytes + 1); // a carriage return may end the line and not count
    }

    private static void Throws(StompProtocolError error, string wire) =>
        Assert.Equal(error, Assert.Throws<StompProtocolException>(() => Frames.InPieces([Bytes(wire)], "1.2", Small)).Error);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
