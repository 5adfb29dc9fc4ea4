using System.Text.Encodings.Web;
using System.Text.Json;
using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.Doers.RucioSnapshot.Writing;

/// <summary>
/// The cache's folder, <c>rucio-snapshots</c>. Pages read it at any time, so a file is written beside and renamed: they see the
/// old one or the new one. Held by one run at a time.
/// </summary>
internal sealed class SnapshotFolder : IDisposable
{
    private const string Name = "rucio-snapshots";
    private const string Beside = ".tmp";

    private static readonly JsonWriterOptions Form = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // file content, never part of a page: pi+ stays readable
    };

    private readonly Folder _folder;

    private SnapshotFolder(Folder folder) => _folder = folder;

    /// <summary>Opens it, made if need be, and removes what a killed run left beside its files.</summary>
    public static SnapshotFolder Open(Folder root)
    {
        var folder = root.OpenOrCreate(Name, FileModes.SharedFolder);
        foreach (var (left, _) in folder.Entries(static e => e.EndsWith(".json" + Beside, StringComparison.Ordinal)))
        {
            folder.RemoveFile(left);
        }

        return new SnapshotFolder(folder);
    }

    /// <summary>True if it has the file.</summary>
    public bool Has(string name) => _folder.HasFile(name);

    /// <summary>Writes a file of one JSON value.</summary>
    public void Write(string name, Action<Utf8JsonWriter> content)
    {
        var beside = name + Beside;
        try
        {
            using (var file = _folder.CreateFile(beside, FileModes.ReadableFile))
            {
                using (var buffered = new BufferedStream(file, 1 << 20))
                using (var json = new Utf8JsonWriter(buffered, Form))
                {
                    content(json);
                    json.Flush();
                    buffered.Flush();
                    file.Flush(flushToDisk: true);
                }
            }

            _folder.ReplaceFile(beside, name);
        }
        catch
        {
            _folder.RemoveFile(beside);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
