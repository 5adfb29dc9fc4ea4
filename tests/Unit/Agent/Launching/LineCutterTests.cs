using System.Text;
using OpsAgent.Agent.Launching;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Launching;

public sealed class LineCutterTests
{
    [Theory]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("a\n\nb", "a||b")]
    [InlineData("", "")]
    [InlineData("12345678\n", "12345678")]
    [InlineData("123456789\nb\n", "12345678+|b")]
    [InlineData("123456789abcdefghijklmnop", "12345678+")]
    public void Lines_are_cut_at_their_ends_and_at_the_cap(string text, string lines)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(lines, Cut(bytes, bytes.Length));
        Assert.Equal(lines, Cut(bytes, 1));
        Assert.Equal(lines, Cut(bytes, 3));
    }

    [Fact]
    public void The_pieces_that_a_stream_comes_in_make_no_difference()
    {
        var random = new Random(1);
        for (var i = 0; i < 500; i++)
        {
            var bytes = new byte[random.Next(200)];
            foreach (ref var b in bytes.AsSpan())
            {
                b = random.Next(6) == 0 ? (byte)'\n' : (byte)random.Next('a', 'z');
            }

            Assert.Equal(Cut(bytes, Math.Max(1, bytes.Length)), Cut(bytes, 1 + random.Next(20)));
        }
    }

    [Fact]
    public void A_tail_is_the_end_of_what_came_in_whatever_pieces()
    {
        var random = new Random(2);
        for (var i = 0; i < 500; i++)
        {
            var bytes = new byte[random.Next(400)];
            foreach (ref var b in bytes.AsSpan())
            {
                b = (byte)random.Next('a', 'z');
            }

            var tail = new TailBuffer(64);
            foreach (var piece in bytes.Chunk(1 + random.Next(150)))
            {
                tail.Push(piece);
            }

            Assert.Equal(Encoding.UTF8.GetString(bytes.AsSpan(Math.Max(0, bytes.Length - 64))), tail.ToString());
        }
    }

    [Fact]
    public void A_tail_does_not_begin_with_half_a_character()
    {
        var tail = new TailBuffer(4);
        tail.Push("xüüü"u8);
        Assert.Equal("üü", tail.ToString());
        tail.Push("z"u8);
        Assert.Equal("üz", tail.ToString());
    }

    private static string Cut(byte[] bytes, int pieceLength)
    {
        var sink = new Sink();
        var cutter = new LineCutter(sink, 8);
        foreach (var piece in bytes.Chunk(Math.Max(1, pieceLength)))
        {
            cutter.Push(piece);
        }

        cutter.Flush();
        return string.Join('|', sink.Lines);
    }

    private sealed class Sink : ILineSink
    {
        public List<string> Lines { get; } = [];

        public void Take(ReadOnlySpan<byte> line, bool isCut) => Lines.Add(Encoding.UTF8.GetString(line) + (isCut ? "+" : ""));
    }
}
