using System.Text;

namespace OpsAgent.Tests.Fuzz.Engine;

/// <summary>Damages an input: bits, bytes, runs, and the tokens that mean something to its reader.</summary>
internal sealed class Mutator(params string[] tokens)
{
    private const int Largest = 256 << 10;

    private static readonly byte[] Telling = [0, 1, 9, 10, 13, 27, 32, 34, 39, 47, 58, 92, 127, 128, 192, 239, 254, 255];

    private readonly byte[][] _tokens = [.. tokens.Select(Encoding.UTF8.GetBytes)];

    /// <summary>One to six changes; <paramref name="other"/> is what pieces are taken from.</summary>
    public byte[] Damage(ReadOnlySpan<byte> input, ReadOnlySpan<byte> other, Dice dice)
    {
        var bytes = new List<byte>(input.Length + 64);
        bytes.AddRange(input);
        for (var times = dice.Between(1, 6); times > 0; times--)
        {
            Once(bytes, other, dice);
        }

        return [.. bytes];
    }

    private void Once(List<byte> bytes, ReadOnlySpan<byte> other, Dice dice)
    {
        var at = dice.Below(bytes.Count + 1);
        var length = Math.Min(dice.Between(1, 16), bytes.Count - at);
        switch (dice.Below(11))
        {
            case 0 when length > 0:
                bytes[at] ^= (byte)(1 << dice.Below(8));
                break;
            case 1 when length > 0:
                bytes[at] = Telling[dice.Below(Telling.Length)];
                break;
            case 2:
                bytes.Insert(at, Telling[dice.Below(Telling.Length)]);
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(dice.Below(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 5 when dice.OneIn(4):
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 6 when other.Length > 0:
                var from = dice.Below(other.Length);
                bytes.InsertRange(at, other.Slice(from, Math.Min(other.Length - from, dice.Between(1, 80))));
                break;
            case 7 when dice.OneIn(8):
                Repeat(bytes, at, length, dice);
                break;
            default:
                bytes.InsertRange(at, _tokens.Length > 0 ? _tokens[dice.Below(_tokens.Length)] : [(byte)dice.Below(256)]);
                break;
        }
    }

    // Depth and length are what recursion and buffers mind.
    private static void Repeat(List<byte> bytes, int at, int length, Dice dice)
    {
        var piece = bytes.GetRange(at, length);
        var times = dice.OneIn(50) ? dice.Below(20_000) : dice.Below(200);
        var run = new List<byte>(piece.Count * times);
        for (var i = 0; i < times && bytes.Count + run.Count < Largest; i++)
        {
            run.AddRange(piece);
        }

        bytes.InsertRange(at, run);
    }
}
