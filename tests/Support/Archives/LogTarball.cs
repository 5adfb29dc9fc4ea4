using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace OpsAgent.Tests.Support.Archives;

/// <summary>Builds log tarballs, good and bad ones. Each call adds a member; <see cref="ToGzip"/> ends it.</summary>
public sealed class LogTarball : IDisposable
{
    /// <summary>The folder that pilots put in front of the names.</summary>
    public const string PilotFolder = "tarball_PandaJob_6123456789_SITE/";

    private readonly MemoryStream _tar = new();
    private readonly TarWriter _writer;

    /// <summary>Starts one; pilots write <paramref name="format"/> GNU or PAX.</summary>
    public LogTarball(TarEntryFormat format = TarEntryFormat.Pax) => _writer = new TarWriter(_tar, format, leaveOpen: true);

    /// <summary>A good one: two of the four logs, and what else a pilot leaves.</summary>
    public static byte[] Good(string stdout = "hello from the job\n")
    {
        using var tarball = new LogTarball();
        return tarball.Folder("").File("payload.stdout", stdout).File("jobReport.json", "{}").File("pilotlog.txt", "pilot\n")
            .Link("latest", "payload.stdout").ToGzip();
    }

    /// <summary>A regular file below the pilot's folder.</summary>
    public LogTarball File(string name, string content) => Raw(PilotFolder + name, Encoding.UTF8.GetBytes(content));

    /// <summary>A regular file under this very name.</summary>
    public LogTarball Raw(string name, byte[] content)
    {
        using var data = new MemoryStream(content);
        _writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = data });
        return this;
    }

    /// <summary>A folder.</summary>
    public LogTarball Folder(string name) => Entry(new PaxTarEntry(TarEntryType.Directory, PilotFolder + name));

    /// <summary>A symbolic link.</summary>
    public LogTarball Link(string name, string target) =>
        Entry(new PaxTarEntry(TarEntryType.SymbolicLink, PilotFolder + name) { LinkName = target });

    /// <summary>Any other entry.</summary>
    public LogTarball Entry(TarEntry entry)
    {
        _writer.WriteEntry(entry);
        return this;
    }

    /// <summary>The tar without gzip.</summary>
    public byte[] ToTar()
    {
        _writer.Dispose();
        return _tar.ToArray();
    }

    /// <summary>The whole tarball.</summary>
    public byte[] ToGzip() => Gzip(ToTar());

    /// <summary>Compresses bytes.</summary>
    public static byte[] Gzip(ReadOnlySpan<byte> content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    public void Dispose()
    {
        _writer.Dispose();
        _tar.Dispose();
    }
}
