using System.Globalization;
using System.Text;

namespace OpsAgent.Tests.Support.Archives;

/// <summary>Writes tar blocks as they are told, sense or not: what no writer of ours would write.</summary>
public sealed class RawTar
{
    /// <summary>The size of a block.</summary>
    public const int Block = 512;

    private readonly MemoryStream _tar = new();

    /// <summary>The tar so far, with <paramref name="endBlocks"/> of zeros behind it.</summary>
    public byte[] ToTar(int endBlocks = 2) => [.. _tar.ToArray(), .. new byte[Block * endBlocks]];

    /// <summary>The same in gzip.</summary>
    public byte[] ToGzip(int endBlocks = 2) => LogTarball.Gzip(ToTar(endBlocks));

    /// <summary>A header of the name and type, and content that may be of another length than <paramref name="size"/> says.</summary>
    public RawTar Member(string name, char type = '0', string content = "", long? size = null, string link = "", string magic = "ustar\000")
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        return Bytes(Header(name, type, size ?? bytes.Length, link, magic)).Content(bytes);
    }

    /// <summary>An extended header of these records, for the next member ('x') or all that follow ('g').</summary>
    public RawTar Pax(char type, params (string Key, string Value)[] records) => Pax(type, string.Concat(records.Select(r => Record(r.Key, r.Value))));

    /// <summary>The same with any text in place of records.</summary>
    public RawTar Pax(char type, string text) => Member("PaxHeaders/x", type, text);

    /// <summary>Any bytes.</summary>
    public RawTar Bytes(ReadOnlySpan<byte> bytes)
    {
        _tar.Write(bytes);
        return this;
    }

    /// <summary>Content, filled up to whole blocks.</summary>
    public RawTar Content(ReadOnlySpan<byte> bytes)
    {
        _tar.Write(bytes);
        _tar.Write(new byte[(Block - (bytes.Length % Block)) % Block]);
        return this;
    }

    /// <summary>A record of an extended header, its own length before it.</summary>
    public static string Record(string key, string value)
    {
        var rest = Encoding.UTF8.GetByteCount($" {key}={value}\n");
        var length = rest + 1;
        while (length != rest + length.ToString(CultureInfo.InvariantCulture).Length)
        {
            length++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{length} {key}={value}\n");
    }

    /// <summary>A header block with its checksum. A size of 12 octal digits or more is written in base 256, as GNU tar does.</summary>
    public static byte[] Header(string name, char type, long size, string link = "", string magic = "ustar\000")
    {
        var header = new byte[Block];
        Put(header, 0, 100, name);
        Put(header, 100, 24, "0000644\00000000\00000000\0");
        PutSize(header, size);
        Put(header, 136, 12, "00000000000\0");
        header[156] = (byte)type;
        Put(header, 157, 100, link);
        Put(header, 257, 8, magic);
        return Sum(header);
    }

    /// <summary>Writes the right checksum into a header that was changed.</summary>
    public static byte[] Sum(byte[] header)
    {
        Put(header, 148, 8, "        ");
        var sum = header.Sum(static b => b);
        Put(header, 148, 8, Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ");
        return header;
    }

    private static void PutSize(byte[] header, long size)
    {
        if (size is >= 0 and < 1L << 33)
        {
            Put(header, 124, 12, Convert.ToString(size, 8).PadLeft(11, '0') + "\0");
            return;
        }

        header[124] = (byte)(size < 0 ? 0xFF : 0x80);
        for (var i = 0; i < 11; i++)
        {
            header[135 - i] = (byte)(i < 8 ? size >> (8 * i) : size >> 63);
        }
    }

    private static void Put(byte[] header, int at, int room, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        bytes.AsSpan(0, Math.Min(bytes.Length, room)).CopyTo(header.AsSpan(at));
    }
}
