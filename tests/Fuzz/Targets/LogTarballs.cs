using System.IO.Compression;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Files;
using OpsAgent.Doers.PayloadLog.Archive;
using OpsAgent.Tests.Fuzz.Engine;
using OpsAgent.Tests.Support.Archives;

namespace OpsAgent.Tests.Fuzz.Targets;

/// <summary>
/// A log tarball that a job wrote. What is unpacked is regular files of the wanted names and nothing beside the folder, within the
/// limits; else it is one of the refusals that have an exit code of their own.
/// </summary>
internal sealed class LogTarballs : ITarget
{
    public const string Title = "tarball";

    // So small that cases of a few kilobytes reach each of them.
    private static readonly ArchiveLimits Limits = new() { Entries = 12, Bytes = 1 << 20, Ratio = 50, RatioFloor = 128 << 10, HeaderBytes = 32 << 10 };

    private static readonly DoerExit[] Refusals =
    [
        DoerExit.ArchiveTruncated, DoerExit.ArchiveDamaged, DoerExit.ArchiveTooBig, DoerExit.ArchiveLink, DoerExit.ArchiveTraversal, DoerExit.NoLogMembers,
    ];

    private readonly string _room = Directory.CreateDirectory(
        Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"opsagent-fuzz-{Guid.NewGuid():N}")).FullName;

    private readonly byte[][] _seeds = SeedFiles.Of(Title);
    private readonly byte[][] _tars = [.. SeedFiles.Of(Title).Select(Unpacked)];

    private readonly Mutator _mutator = new();

    public string Name => Title;

    public long AllocationLimit => 24 << 20;

    public byte[] Make(Dice dice) => dice.OneIn(3) ? OfSeed(dice) : TarGrammar.Tarball(dice, _mutator);

    public bool Run(byte[] input)
    {
        var path = Directory.CreateDirectory(Path.Combine(_room, "d")).FullName;
        try
        {
            return Extract(input, path);
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    public void Dispose() => Directory.Delete(_room, recursive: true);

    /// <summary>A seed as it is, damaged, or its tar, damaged with a piece of another's and packed again.</summary>
    private byte[] OfSeed(Dice dice)
    {
        var which = dice.Below(_seeds.Length);
        return dice.Below(4) switch
        {
            0 => _seeds[which],
            1 => _mutator.Damage(_seeds[which], _seeds[dice.Below(_seeds.Length)], dice),
            _ => LogTarball.Gzip(_mutator.Damage(_tars[which], _tars[dice.Below(_tars.Length)], dice)),
        };
    }

    /// <summary>The tar in it, as much of it as there is; itself if it is not packed.</summary>
    private static byte[] Unpacked(byte[] seed)
    {
        using var tar = new MemoryStream();
        try
        {
            using var gzip = new GZipStream(new MemoryStream(seed, writable: false), CompressionMode.Decompress);
            gzip.CopyTo(tar);
        }
        catch (InvalidDataException)
        {
            // A seed that is cut, or has something behind it.
            return tar.Length > 0 ? tar.ToArray() : seed;
        }

        return tar.ToArray();
    }

    private bool Extract(byte[] input, string path)
    {
        IReadOnlyCollection<string>? names = null;
        try
        {
            using var folder = Folder.OpenRoot(path);
            using var packed = new MemoryStream(input, writable: false);
            names = LogArchive.Extract(packed, folder, Limits, CancellationToken.None);
        }
        catch (DoerException e)
        {
            BrokenRuleException.Unless(Refusals.Contains(e.Exit), $"no refusal of a tarball: {e.Exit}");
            BrokenRuleException.Unless(e.Message.Length < 1000 && !e.Message.Any(char.IsControl), $"no line tells of it: {e.Message}");
        }

        var written = Directory.GetFileSystemEntries(path).Select(static f => new FileInfo(f)).ToList();
        BrokenRuleException.Unless(written.TrueForAll(static f => LogMember.Wanted.Contains(f.Name)), "a name that nobody wants was written");
        BrokenRuleException.Unless(written.TrueForAll(static f => f.Attributes is FileAttributes.Normal && f.LinkTarget is null), "no regular file");
        BrokenRuleException.Unless(written.Sum(static f => f.Length) <= Limits.Bytes, "more bytes than the limit were written");
        BrokenRuleException.Unless(Directory.GetFileSystemEntries(_room).Length == 1, "something lies outside the folder");
        BrokenRuleException.Unless(
            names is null || names.Order().SequenceEqual(written.Select(static f => f.Name).Order()), "other files than it says");
        return names is not null;
    }
}
