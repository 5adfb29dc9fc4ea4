using System.Formats.Tar;
using System.Text;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Files;
using OpsAgent.Doers.PayloadLog.Archive;
using OpsAgent.Tests.Support.Archives;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers;

public sealed class LogArchiveTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("opsagent-unpack-").FullName;
    private int _runs;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void Wanted_members_are_known_by_their_base_name_wherever_they_lie()
    {
        using var tarball = new LogTarball();
        tarball.Raw("payload.stdout", [1]).Raw("./payload.stderr", [2]).Raw("a/b/c/pilotlog.txt", [3]).Raw("x/pandatracerlog.txt", [4])
            .Raw("x/payload.stdout.1", [5]).Raw("payload.stdoutx", [6]);

        var (names, folder) = Extract(tarball.ToGzip());

        Assert.Equal(LogMember.Wanted.Order(), names.Order());
        Assert.Equal(LogMember.Wanted.Order(), Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        Assert.Equal([3], File.ReadAllBytes(Path.Combine(folder, "pilotlog.txt")));
    }

    [Fact]
    public void A_later_member_of_the_same_name_takes_the_place_of_an_earlier_longer_one()
    {
        using var tarball = new LogTarball();
        tarball.Raw("a/payload.stdout", new byte[5000]).Raw("b/payload.stdout", [7]);

        var (_, folder) = Extract(tarball.ToGzip());

        Assert.Equal([7], File.ReadAllBytes(Path.Combine(folder, "payload.stdout")));
    }

    [Fact]
    public void An_empty_log_is_a_log()
    {
        using var tarball = new LogTarball();

        var (names, folder) = Extract(tarball.Raw("payload.stderr", []).ToGzip());

        Assert.Equal(["payload.stderr"], names);
        Assert.Empty(File.ReadAllBytes(Path.Combine(folder, "payload.stderr")));
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.CharacterDevice)]
    [InlineData(TarEntryType.BlockDevice)]
    [InlineData(TarEntryType.Fifo)]
    public void A_wanted_member_that_is_no_file_refuses_the_tarball(TarEntryType type)
    {
        var entry = new PaxTarEntry(type, "d/payload.stdout");
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
        {
            entry.LinkName = "/etc/passwd";
        }

        using var tarball = new LogTarball();
        AssertRefused(DoerExit.ArchiveLink, tarball.Entry(entry).ToGzip(), type.ToString());
    }

    [Fact]
    public void A_link_that_nobody_wants_is_skipped()
    {
        using var tarball = new LogTarball();

        var (names, folder) = Extract(tarball.Link("latest", "/etc/passwd").File("payload.stdout", "x").ToGzip());

        Assert.Equal(["payload.stdout"], names);
        Assert.Single(Directory.GetFileSystemEntries(folder));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("/payload.stdout")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/../../payload.stdout")]
    [InlineData("a/..")]
    public void A_name_that_leads_out_refuses_the_tarball(string name)
    {
        using var tarball = new LogTarball();
        AssertRefused(DoerExit.ArchiveTraversal, tarball.File("payload.stdout", "x").Raw(name, [1]).ToGzip(), "leads out");
    }

    [Theory]
    [InlineData("a..b/payload.stdout")]
    [InlineData("...")]
    [InlineData("a\\..\\b")]
    public void Dots_within_a_name_lead_nowhere(string name)
    {
        using var tarball = new LogTarball();

        Assert.Contains("pilotlog.txt", Extract(tarball.Raw(name, [1]).Raw("pilotlog.txt", [2]).ToGzip()).Names);
    }

    [Fact]
    public void Too_many_members_are_too_big()
    {
        using var tarball = new LogTarball();
        for (var i = 0; i < 12; i++)
        {
            tarball.Raw($"f{i}", []);
        }

        AssertRefused(DoerExit.ArchiveTooBig, tarball.ToGzip(), "more than 11 members", new ArchiveLimits { Entries = 11 });
    }

    [Fact]
    public void Too_many_bytes_are_too_big_even_in_members_that_nobody_wants()
    {
        using var tarball = new LogTarball();
        var noise = new byte[100_000];
        new Random(1).NextBytes(noise);

        AssertRefused(
            DoerExit.ArchiveTooBig, tarball.Raw("core.dump", noise).ToGzip(), "more than 50000 bytes", new ArchiveLimits { Bytes = 50_000 });
    }

    [Fact]
    public void A_bomb_is_stopped_by_its_ratio_before_it_fills_the_disk()
    {
        using var tarball = new LogTarball();
        var limits = new ArchiveLimits { RatioFloor = 1 << 20 };

        AssertRefused(DoerExit.ArchiveTooBig, tarball.Raw("payload.stdout", new byte[8 << 20]).ToGzip(), "ratio beyond 200", limits);

        var written = Directory.GetFiles(_path, "payload.stdout", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);
        Assert.InRange(written, 0, 3 << 20);
    }

    [Fact]
    public void A_bomb_behind_the_end_of_the_tar_is_a_bomb()
    {
        var bomb = LogTarball.Gzip([.. new LogTarball().File("payload.stdout", "x").ToTar(), .. new byte[8 << 20]]);

        AssertRefused(DoerExit.ArchiveTooBig, bomb, "ratio", new ArchiveLimits { RatioFloor = 1 << 20 });
    }

    [Theory]
    [InlineData((byte)'x')]
    [InlineData((byte)'g')]
    [InlineData((byte)'L')]
    public void A_header_that_asks_for_a_gigabyte_gets_none(byte type)
    {
        var header = Header("a", 1L << 30, type);

        AssertRefused(DoerExit.ArchiveTooBig, LogTarball.Gzip([.. header, .. new byte[10_240]]), "header asks for");
    }

    [Theory]
    [InlineData((byte)'x', 1L << 26)]
    [InlineData((byte)'K', 1L << 26)]
    [InlineData((byte)'L', 1L << 32)]
    [InlineData((byte)'g', 1L << 30)]
    public void A_header_that_asks_for_much_costs_no_memory(byte type, long size)
    {
        var packed = LogTarball.Gzip([.. Header("a", size, type), .. new byte[10_240]]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        AssertRefused(DoerExit.ArchiveTooBig, packed, "header asks for");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Theory]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.Pax)]
    public void Long_names_of_either_format_are_read(TarEntryFormat format)
    {
        var folder = string.Join('/', Enumerable.Repeat(new string('d', 90), 4));
        using var tarball = new LogTarball(format);
        TarEntry entry = format == TarEntryFormat.Gnu
            ? new GnuTarEntry(TarEntryType.RegularFile, folder + "/payload.stdout") { DataStream = new MemoryStream([9]) }
            : new PaxTarEntry(TarEntryType.RegularFile, folder + "/payload.stdout") { DataStream = new MemoryStream([9]) };

        Assert.Equal(["payload.stdout"], Extract(tarball.Entry(entry).ToGzip()).Names);
    }

    [Fact]
    public void A_pax_path_decides_and_not_the_name_beside_it()
    {
        var escape = Pax("path", "../payload.stdout");
        byte[] tar = [.. escape, .. Header("payload.stdout", 0, (byte)'0'), .. new byte[1024]];

        AssertRefused(DoerExit.ArchiveTraversal, LogTarball.Gzip(tar), "leads out");
    }

    [Theory]
    [InlineData("size", "-1")]
    [InlineData("size", "99999999999999999999999")]
    [InlineData("mtime", "never")]
    public void A_nonsense_pax_value_ends_in_an_understood_failure_or_is_ignored(string key, string value)
    {
        byte[] tar = [.. Pax(key, value), .. Header("d/other", 0, (byte)'0'), .. new byte[1024]];

        var failure = Assert.Throws<DoerException>(() => Extract(LogTarball.Gzip(tar)));

        Assert.Contains(failure.Exit, (DoerExit[])[DoerExit.ArchiveDamaged, DoerExit.ArchiveTruncated, DoerExit.NoLogMembers]);
    }

    [Fact]
    public void Cut_anywhere_it_is_truncated()
    {
        var content = new byte[3000];
        new Random(7).NextBytes(content);
        var whole = new LogTarball().Raw("d/payload.stdout", content).File("pilotlog.txt", "end").ToGzip();

        for (var length = 0; length < whole.Length; length += length < 64 || length > whole.Length - 64 ? 1 : 37)
        {
            var failure = Assert.Throws<DoerException>(() => Extract(whole[..length]));
            Assert.True(failure.Exit == DoerExit.ArchiveTruncated, $"cut to {length} of {whole.Length}: {failure.Exit} {failure.Message}");
        }
    }

    [Fact]
    public void A_tar_that_was_cut_before_it_was_compressed_is_truncated()
    {
        var tar = new LogTarball().Raw("payload.stdout", new byte[3000]).ToTar();

        AssertRefused(DoerExit.ArchiveTruncated, LogTarball.Gzip(tar.AsSpan(0, 2048)), "ends too early");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_flipped_byte_is_seen(int third)
    {
        var content = new byte[9000];
        new Random(3).NextBytes(content);
        var whole = new LogTarball().Raw("d/payload.stdout", content).ToGzip();
        whole[1500 + (third * 2500)] ^= 0x10;

        Assert.Equal(DoerExit.ArchiveDamaged, Assert.Throws<DoerException>(() => Extract(whole)).Exit);
    }

    [Theory]
    [InlineData("no gzip at all, but long enough to be looked at")]
    [InlineData("<html><body>Please log in</body></html>")]
    public void What_is_no_gzip_is_damaged(string content) =>
        AssertRefused(DoerExit.ArchiveDamaged, Encoding.ASCII.GetBytes(content), "no gzip tarball");

    [Fact]
    public void Gzip_of_something_else_is_no_tarball()
    {
        var noise = new byte[4096];
        new Random(5).NextBytes(noise);

        AssertRefused(DoerExit.ArchiveDamaged, LogTarball.Gzip(noise), "");
    }

    [Fact]
    public void It_stops_when_told_to()
    {
        using var folder = NewFolder();
        using var packed = new MemoryStream(LogTarball.Good());

        Assert.ThrowsAny<OperationCanceledException>(
            () => LogArchive.Extract(packed, folder, ArchiveLimits.Default, new CancellationToken(canceled: true)));
    }

    private static byte[] Pax(string key, string value)
    {
        var rest = $" {key}={value}\n";
        var length = rest.Length + 2;
        var record = Encoding.ASCII.GetBytes($"{length}{rest}");
        Assert.Equal(length, record.Length);
        return [.. Header("PaxHeaders/x", record.Length, (byte)'x'), .. record, .. new byte[512 - record.Length]];
    }

    private static byte[] Header(string name, long size, byte type)
    {
        var header = new byte[512];
        Encoding.ASCII.GetBytes(name).CopyTo(header, 0);
        Encoding.ASCII.GetBytes("0000644\00000000\00000000\0").CopyTo(header, 100);
        Encoding.ASCII.GetBytes(Convert.ToString(size, 8).PadLeft(11, '0') + "\000000000000\0        ").CopyTo(header, 124);
        header[156] = type;
        Encoding.ASCII.GetBytes("ustar\000").CopyTo(header, 257);
        var sum = header.Sum(b => b);
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header, 148);
        return header;
    }

    private (IReadOnlyCollection<string> Names, string Path) Extract(byte[] packed, ArchiveLimits? limits = null)
    {
        using var folder = NewFolder();
        using var stream = new MemoryStream(packed);
        return (LogArchive.Extract(stream, folder, limits ?? ArchiveLimits.Default, CancellationToken.None), folder.Path);
    }

    private Folder NewFolder() =>
        Folder.OpenRoot(Directory.CreateDirectory(Path.Combine(_path, $"{_runs++}")).FullName);

    private void AssertRefused(DoerExit exit, byte[] packed, string told, ArchiveLimits? limits = null)
    {
        var failure = Assert.Throws<DoerException>(() => Extract(packed, limits));
        Assert.True(exit == failure.Exit, $"{failure.Exit}: {failure.Message}");
        Assert.Contains(told, failure.Message, StringComparison.Ordinal);
    }
}
