using OpsAgent.Tests.Fuzz.Engine;
using OpsAgent.Tests.Support.Archives;

namespace OpsAgent.Tests.Fuzz.Targets;

/// <summary>Tarballs of members, extended headers and lies about both, then damaged before or after they are packed.</summary>
internal static class TarGrammar
{
    private static readonly string[] Names =
    [
        "payload.stdout", "d/payload.stderr", "a/b/pilotlog.txt", "./pandatracerlog.txt", "other", "d/", "../x", "/payload.stdout", "a/../../payload.stdout",
        "..", ".", "", "payload.stdout/", "payload.stdout\u202e", "payload.stdout\n", "\u001b[2J/pilotlog.txt", "\\..\\payload.stdout", "é/payload.stdout",
    ];

    private static readonly char[] Types = ['0', '0', '0', '0', '\0', '7', '1', '2', '3', '4', '5', '6', 'S', 'D', 'M', 'V', 'L', 'K', 'N', 'A', 'z', '\xff'];

    private static readonly string[] Keys =
    [
        "path", "linkpath", "size", "mtime", "atime", "uid", "gid", "uname", "comment", "GNU.sparse.major", "GNU.sparse.minor", "GNU.sparse.name",
        "GNU.sparse.realsize", "GNU.sparse.size", "GNU.sparse.map", "GNU.sparse.numblocks", "SCHILY.xattr.user.x", "", "path\0", "hdrcharset",
    ];

    private static readonly string[] Values =
    [
        "payload.stdout", "../payload.stdout", "/etc/passwd", "0", "1", "-1", "512", "1048577", "99999999999999999999", "1e9", "0.5", "never", "",
        "0,512,1024,512", "a\0b", "payload.stdout\u202e", "1780000000.123456789", "-99999999999999", "BINARY",
    ];

    public static byte[] Tarball(Dice dice, Mutator mutator)
    {
        var tar = new RawTar();
        for (var members = dice.OneIn(2) ? dice.Between(1, 3) : dice.Size(20); members > 0; members--)
        {
            Member(tar, dice);
        }

        var bytes = tar.ToTar(dice.Of(2, 2, 2, 0, 1, 4));
        bytes = dice.OneIn(4) ? mutator.Damage(bytes, bytes, dice) : bytes;
        var packed = dice.OneIn(60) ? bytes : LogTarball.Gzip(bytes);
        return dice.Below(12) switch
        {
            0 => mutator.Damage(packed, packed, dice),
            1 => packed[..dice.Below(packed.Length + 1)],
            2 => [.. packed, .. LogTarball.Gzip(new byte[dice.Size(600_000)])],
            3 when dice.OneIn(2) => [.. packed, .. "trailing"u8],
            _ => packed,
        };
    }

    private static void Member(RawTar tar, Dice dice)
    {
        if (dice.OneIn(6))
        {
            Pax(tar, dice);
        }

        var content = new string('x', dice.OneIn(30) ? dice.Below(300_000) : dice.Size(1500));
        long? size = dice.OneIn(10)
            ? dice.Of(-1L, 1, 511, 513, 100_000, 1L << 31, 1L << 33, long.MaxValue, long.MinValue, content.Length + 512)
            : null;
        var magic = dice.OneIn(3) ? dice.Of("ustar  \0", "", "ustar\0xx") : "ustar\000";
        var name = dice.OneIn(2) ? Names[dice.Below(5)] : dice.Of<string>(Names);
        tar.Member(name, dice.OneIn(2) ? '0' : dice.Of<char>(Types), content, size, dice.Of("", "payload.stdout", "/etc/passwd", "../../x"), magic);
    }

    private static void Pax(RawTar tar, Dice dice)
    {
        var text = "";
        for (var records = dice.Between(1, 4); records > 0; records--)
        {
            var record = RawTar.Record(dice.Of<string>(Keys), dice.Of<string>(Values));
            text += dice.Below(12) switch { 0 => record[1..], 1 => "9" + record, 2 => record.TrimEnd('\n'), 3 => record.Replace('=', ' '), _ => record };
        }

        text += dice.OneIn(30) ? RawTar.Record("comment", new string('c', dice.Below(40_000))) : "";
        tar.Pax(dice.Of('x', 'x', 'x', 'g', 'X'), text);
    }
}
