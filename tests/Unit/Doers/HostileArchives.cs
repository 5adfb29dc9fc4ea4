using OpsAgent.Doers.Facility;
using OpsAgent.Tests.Support.Archives;

namespace OpsAgent.Tests.Unit.Doers;

/// <summary>Tarballs that somebody would try, and what each gets: docs/security.md has them in a table.</summary>
internal static class HostileArchives
{
    private const string Log = "d/payload.stdout";
    private const string Sparse = "512 bytes that the header calls a map of holes";

    /// <summary>By the name of its row. Null: taken.</summary>
    public static IReadOnlyDictionary<string, (Func<byte[]> Make, DoerExit? Exit)> All { get; } = new Dictionary<string, (Func<byte[]>, DoerExit?)>
    {
        ["a symbolic link under a wanted name"] = (() => Tar(t => t.Member(Log, '2', link: "/etc/passwd")), DoerExit.ArchiveLink),
        ["a hard link under a wanted name"] = (() => Tar(t => t.Member(Log, '1', link: "/etc/passwd")), DoerExit.ArchiveLink),
        ["a character device"] = (() => Tar(t => t.Member(Log, '3')), DoerExit.ArchiveLink),
        ["a block device"] = (() => Tar(t => t.Member(Log, '4')), DoerExit.ArchiveLink),
        ["a FIFO"] = (() => Tar(t => t.Member(Log, '6')), DoerExit.ArchiveLink),
        ["a folder under a wanted name"] = (() => Tar(t => t.Member(Log, '5')), DoerExit.NoLogMembers),
        ["a type that nobody knows"] = (() => Tar(t => t.Member(Log, 'z', "x")), DoerExit.ArchiveLink),
        ["a link under another name, then a log"] = (() => Tar(t => t.Member("d/other", '2', link: "/etc/passwd").Member(Log, '0', "x")), null),
        ["a folder that is a link, then a log in it"] = (() => Tar(t => t.Member("d", '2', link: "/etc").Member(Log, '0', "x")), null),
        ["GNU's old sparse format, type S"] = (() => Tar(t => t.Member(Log, 'S', Sparse, magic: "ustar  \0")), DoerExit.ArchiveDamaged),
        ["GNU's multi-volume member, type M"] = (() => Tar(t => t.Member(Log, 'M', "x", magic: "ustar  \0")), DoerExit.ArchiveLink),
        ["GNU's sparse format 0.0"] = (() => Tar(t => SparseOf(t, ("GNU.sparse.size", "1099511627776"), ("GNU.sparse.numblocks", "1"), ("GNU.sparse.offset", "0"), ("GNU.sparse.numbytes", "1")).Member(Log, '0', "x")), DoerExit.ArchiveLink),
        ["GNU's sparse format 0.1"] = (() => Tar(t => SparseOf(t, ("GNU.sparse.size", "1099511627776"), ("GNU.sparse.map", "0,1")).Member(Log, '0', "x")), DoerExit.ArchiveLink),
        ["GNU's sparse format 1.0"] = (() => Tar(t => SparseOf(t, ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "../../x"), ("GNU.sparse.realsize", "1099511627776")).Member("GNUSparseFile.1/payload.stdout", '0', "1\n0\n1\nx")), DoerExit.ArchiveLink),
        ["a name that goes up"] = (() => Tar(t => t.Member("d/../../payload.stdout", '0', "x")), DoerExit.ArchiveTraversal),
        ["an absolute name"] = (() => Tar(t => t.Member("/etc/cron.d/payload.stdout", '0', "x")), DoerExit.ArchiveTraversal),
        ["a PAX path that goes up"] = (() => Tar(t => t.Pax('x', ("path", "../payload.stdout")).Member(Log, '0', "x")), DoerExit.ArchiveTraversal),
        ["a PAX path that makes a wanted name of another"] = (() => Tar(t => t.Pax('x', ("path", Log)).Member("other", '0', "x")), null),
        ["a PAX path with NUL in it"] = (() => Tar(t => t.Pax('x', ("path", "payload.stdout\0/x")).Member("other", '0', "x")), DoerExit.NoLogMembers),
        ["a PAX link path on a file"] = (() => Tar(t => t.Pax('x', ("linkpath", "/etc/passwd")).Member(Log, '0', "x")), DoerExit.ArchiveLink),
        ["a PAX link path on a file that nobody wants, then a log"] = (() => Tar(t => t.Pax('x', ("linkpath", "/etc/passwd")).Member("d/other", '0', "y").Member(Log, '0', "x")), DoerExit.ArchiveLink),
        ["a PAX link path on a link that nobody wants, then a log"] = (() => Tar(t => t.Pax('x', ("linkpath", "/etc/passwd")).Member("d/other", '2').Member(Log, '0', "x")), null),
        ["a PAX size beyond the content"] = (() => Tar(t => t.Pax('x', ("size", "1048576")).Member(Log, '0', "x")), DoerExit.ArchiveTruncated),
        ["a PAX size of less than the content, whose rest reads as members"] = (() => Tar(t => t.Pax('x', ("size", "0")).Member(Log, '0', new string('x', 600))), DoerExit.ArchiveDamaged),
        ["a PAX size below zero"] = (() => Tar(t => t.Pax('x', ("size", "-1")).Member(Log, '0', "x")), DoerExit.ArchiveDamaged),
        ["a global PAX header that renames all"] = (() => Tar(t => t.Pax('g', ("path", "../x")).Member(Log, '0', "x")), DoerExit.ArchiveLink),
        ["a global PAX header that makes links of all"] = (() => Tar(t => t.Pax('g', ("comment", "a"), ("linkpath", "/etc/passwd")).Member(Log, '0', "x")), DoerExit.ArchiveLink),
        ["a global PAX header that sets all sizes"] = (() => Tar(t => t.Pax('g', ("size", "0")).Member(Log, '0', "x")), DoerExit.ArchiveLink),
        ["a second global PAX header that renames all"] = (() => Tar(t => t.Pax('g', ("comment", "a")).Pax('g', ("path", "x")).Member(Log, '0', "x")), DoerExit.ArchiveLink),
        ["a global PAX header behind the logs that renames what follows"] = (() => Tar(t => t.Member(Log, '0', "x").Pax('g', ("path", "x"))), DoerExit.ArchiveLink),
        ["two global PAX headers with a comment and a time"] = (() => Tar(t => t.Pax('g', ("comment", "a")).Pax('g', ("mtime", "1")).Member(Log, '0', "x")), null),
        ["a PAX header for a PAX header"] = (() => Tar(t => t.Pax('x', ("path", "a")).Pax('x', ("path", "b")).Member(Log, '0', "x")), DoerExit.ArchiveDamaged),
        ["a PAX header of 2 MiB"] = (() => Tar(t => t.Pax('x', ("comment", new string('c', 2 << 20))).Member(Log, '0', "x")), DoerExit.ArchiveTooBig),
        ["a PAX header that announces a gigabyte"] = (() => Tar(t => t.Member("x", 'x', "", size: 1L << 30)), DoerExit.ArchiveTooBig),
        ["PAX records of a wrong length"] = (() => Tar(t => t.Pax('x', "99 path=a\n").Member(Log, '0', "x")), DoerExit.ArchiveDamaged),
        ["a member that announces an exabyte"] = (() => Tar(t => t.Member(Log, '0', "x", size: 1L << 60)), DoerExit.ArchiveTruncated),
        ["a size below zero"] = (() => Tar(t => t.Member(Log, '0', "x", size: -512)), DoerExit.ArchiveDamaged),
        ["a wrong checksum"] = (() => Tar(t => t.Bytes(Broken()).Content("x"u8)), null),
        ["the same log twice"] = (() => Tar(t => t.Member("a/payload.stdout", '0', "first").Member("b/payload.stdout", '0', "x")), null),
        ["a link, then a log of the same name"] = (() => Tar(t => t.Member(Log, '2', link: "/etc/passwd").Member(Log, '0', "x")), DoerExit.ArchiveLink),
        ["a name with an escape sequence in it"] = (() => Tar(t => t.Member("\u001b[2J/payload.stdout", '0', "x")), null),
        ["a bidi override at the end of a wanted name"] = (() => Tar(t => t.Member("d/payload.stdout\u202e", '0', "x")), DoerExit.NoLogMembers),
        ["a wanted name with a newline behind it"] = (() => Tar(t => t.Member("d/payload.stdout\n", '0', "x")), DoerExit.NoLogMembers),
        ["10,001 members"] = (() => Tar(t => Enumerable.Range(0, 10_001).Aggregate(t, (u, i) => u.Member($"f{i}"))), DoerExit.ArchiveTooBig),
        ["a bomb of zeros, 1,000 to 1"] = (() => Tar(t => t.Member(Log, '0', new string('\0', 32 << 20))), DoerExit.ArchiveTooBig),
        ["a bomb behind the end of the tar"] = (() => LogTarball.Gzip([.. new RawTar().Member(Log, '0', "x").ToTar(), .. new byte[32 << 20]]), DoerExit.ArchiveTooBig),
        ["a second gzip member with more of the tar"] = (() => [.. new RawTar().Member("a/pilotlog.txt", '0', "y").ToGzip(endBlocks: 0), .. Tar(t => t.Member(Log, '0', "x"))], null),
        ["a second gzip member that is a bomb"] = (() => [.. Tar(t => t.Member(Log, '0', "x")), .. LogTarball.Gzip(new byte[32 << 20])], DoerExit.ArchiveTooBig),
        ["gzip cut in the middle"] = (() => Whole()[..^200], DoerExit.ArchiveTruncated),
        ["gzip cut in its last byte"] = (() => Whole()[..^1], DoerExit.ArchiveTruncated),
        ["no end blocks"] = (() => new RawTar().Member(Log, '0', "x").ToGzip(endBlocks: 0), DoerExit.ArchiveTruncated),
        ["garbage behind the gzip"] = (() => [.. Whole(), .. "no gzip"u8], null),
        ["gzip of nothing"] = (() => LogTarball.Gzip([]), DoerExit.ArchiveTruncated),
        ["an empty file"] = (() => [], DoerExit.ArchiveTruncated),
    };

    private static byte[] Tar(Func<RawTar, RawTar> make) => make(new RawTar()).ToGzip();

    private static RawTar SparseOf(RawTar tar, params (string, string)[] records) => tar.Pax('x', records);

    private static byte[] Whole()
    {
        var content = new char[2000];
        for (var i = 0; i < content.Length; i++)
        {
            content[i] = (char)('a' + (i * 7919 % 23 * i % 26));
        }

        content[0] = 'x';

        return Tar(t => t.Member(Log, '0', new string(content)));
    }

    private static byte[] Broken()
    {
        var header = RawTar.Header(Log, '0', 1);
        header[0] ^= 1;
        return header;
    }
}
