using System.Buffers.Binary;
using System.Text;
using OpsAgent.Doers.PayloadLog.Archive;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers;

public sealed class ExtendedHeaderTests
{
    [Theory]
    [InlineData('x', 0x1_0000_0000)]
    [InlineData('g', 0x1_0000_0000)]
    [InlineData('L', 0x1_0000_0000)]
    [InlineData('K', 0x1_0000_0000)]
    [InlineData('0', 0)]
    public void What_it_asks_for_is_known_in_both_notations(char type, long asked)
    {
        var block = new byte[ExtendedHeader.Block];
        block[156] = (byte)type;
        Encoding.ASCII.GetBytes("40000000000\0").CopyTo(block, 124);
        Assert.Equal(asked, ExtendedHeader.BytesAskedBy(block));

        block.AsSpan(124, 12).Clear();
        block[124] = 0x80;
        BinaryPrimitives.WriteInt64BigEndian(block.AsSpan(128), 0x1_0000_0000);
        Assert.Equal(asked, ExtendedHeader.BytesAskedBy(block));
    }
}
