using System.Buffers.Binary;

namespace OpsAgent.Doers.PayloadLog.Archive;

/// <summary>
/// Looks at a tar header block before the reader does: for an extended header of PAX or GNU it takes as much memory as the block
/// asks for, before a byte of it has come.
/// </summary>
internal static class ExtendedHeader
{
    /// <summary>The size of a header block.</summary>
    public const int Block = 512;

    private const int SizeAt = 124;
    private const int SizeLength = 12;
    private const int TypeAt = 156;

    /// <summary>The bytes that an extended header asks for; 0 for any other block.</summary>
    public static long BytesAskedBy(ReadOnlySpan<byte> block)
    {
        if (block.Length != Block || block[TypeAt] is not ((byte)'x' or (byte)'g' or (byte)'L' or (byte)'K'))
        {
            return 0;
        }

        var field = block.Slice(SizeAt, SizeLength);
        return (field[0] & 0x80) != 0 ? BinaryPrimitives.ReadInt64BigEndian(field[4..]) : Octal(field);
    }

    private static long Octal(ReadOnlySpan<byte> field)
    {
        var value = 0L;
        foreach (var digit in field)
        {
            if (digit is >= (byte)'0' and <= (byte)'7')
            {
                value = (value * 8) + (digit - '0');
            }
        }

        return value;
    }
}
