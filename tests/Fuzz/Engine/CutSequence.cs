using System.Buffers;

namespace OpsAgent.Tests.Fuzz.Engine;

/// <summary>Bytes in several segments, as a pipe holds them.</summary>
internal sealed class CutSequence : ReadOnlySequenceSegment<byte>
{
    private CutSequence(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

    /// <param name="bytes">All of them.</param>
    /// <param name="ends">Where a segment ends, rising; the last is the length.</param>
    public static ReadOnlySequence<byte> Of(byte[] bytes, int[] ends)
    {
        var first = new CutSequence(bytes.AsMemory(0, ends[0]), 0);
        var last = first;
        for (var i = 1; i < ends.Length; i++)
        {
            var next = new CutSequence(bytes.AsMemory(ends[i - 1], ends[i] - ends[i - 1]), ends[i - 1]);
            last.Next = next;
            last = next;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
