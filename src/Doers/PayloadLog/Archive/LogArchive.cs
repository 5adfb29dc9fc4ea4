using System.Formats.Tar;
using System.IO.Compression;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.Doers.PayloadLog.Archive;

/// <summary>
/// Takes the logs out of a gzip tarball in one pass, in blocks: synchronous, because on the only thread that has work an await a
/// block buys nothing.
/// </summary>
internal static class LogArchive
{
    private const int BlockSize = 256 << 10;

    /// <summary>
    /// Writes the wanted members into <paramref name="folder"/> and returns their names; a later member of the same name takes the
    /// place of an earlier one.
    /// </summary>
    public static IReadOnlyCollection<string> Extract(Stream packed, Folder folder, ArchiveLimits limits, CancellationToken stop)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            using var gzip = new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true);
            using var unpacked = new UnpackedStream(gzip, packed.Length, limits);
            ReadMembers(unpacked, folder, limits, names, stop);
        }
        catch (EndOfStreamException e)
        {
            throw Truncated(packed, e);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or OverflowException or ArgumentException
            or InvalidOperationException or NotSupportedException)
        {
            // The reader lets exceptions of number parsing and of its own checks out as they are.
            throw packed.Position >= packed.Length && IsTruncation(e) ? Truncated(packed, e) : Damaged(e);
        }

        return names.Count > 0 ? names : throw new DoerException(
            DoerExit.NoLogMembers, $"tarball has none of {string.Join(", ", LogMember.Wanted)}");
    }

    private static void ReadMembers(
        UnpackedStream unpacked, Folder folder, ArchiveLimits limits, HashSet<string> names, CancellationToken stop)
    {
        var block = new byte[BlockSize];
        using var tar = new TarReader(unpacked, leaveOpen: true);
        for (var entries = 1; tar.GetNextEntry() is { } member; entries++)
        {
            stop.ThrowIfCancellationRequested();
            if (entries > limits.Entries)
            {
                throw new DoerException(DoerExit.ArchiveTooBig, $"tarball too big: more than {limits.Entries} members");
            }

            var name = LogMember.NameFor(member);
            unpacked.InContent = true;
            if (name is null)
            {
                Drain(member.DataStream, block, stop);
            }
            else
            {
                Write(member.DataStream, folder, name, replace: !names.Add(name), block, stop);
            }

            unpacked.InContent = false;
        }

        // The end of the tar is not the end of the file: only its last bytes prove that it is whole.
        unpacked.InContent = true;
        Drain(unpacked, block, stop);
    }

    private static void Write(Stream? content, Folder folder, string name, bool replace, byte[] block, CancellationToken stop)
    {
        if (replace)
        {
            folder.RemoveFile(name);
        }

        using var file = folder.CreateFile(name, FileModes.ReadableFile);
        int count;
        while (content is not null && (count = content.ReadAtLeast(block, block.Length, throwOnEndOfStream: false)) > 0)
        {
            stop.ThrowIfCancellationRequested();
            file.Write(block, 0, count);
        }
    }

    private static void Drain(Stream? content, byte[] block, CancellationToken stop)
    {
        while (content?.Read(block) > 0)
        {
            stop.ThrowIfCancellationRequested();
        }
    }

    private static bool IsTruncation(Exception e) =>
        e is InvalidDataException && e.Message.Contains("truncated", StringComparison.OrdinalIgnoreCase);

    private static DoerException Truncated(Stream packed, Exception e) =>
        new(DoerExit.ArchiveTruncated, $"tarball ends too early, after {packed.Length} bytes", e);

    private static DoerException Damaged(Exception e) =>
        new(DoerExit.ArchiveDamaged, $"no gzip tarball, or damaged: {OneLine.Of(e.Message)}", e);
}
