using System.Text.Json;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.Doers.SubmitTask.Sandboxes;

/// <summary>A sandbox's journal: a JSON object a line, each on disk before the next step is taken.</summary>
internal sealed class Journal(string path, DoerLog log, TimeProvider time)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "journal.jsonl";

    // A look-up every five minutes writes so much in a year.
    private const long Largest = 64 << 20;

    /// <summary>What it says; a last line that is cut off was never acted on, and counts as not written.</summary>
    /// <exception cref="IOException">It is there and can't be read. Also <see cref="UnauthorizedAccessException"/>.</exception>
    public JournalState Read()
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return file.Length is > Largest and var length
                ? throw new IOException($"it has {length} bytes, more than {Largest}")
                : JournalState.Of(Lines(file).Select(Parsed).OfType<JournalEntry>());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return JournalState.Of([]);
        }
    }

    /// <summary>Writes a step; if it can't be written, the step must not be taken.</summary>
    public void Write(JournalEntry entry)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(entry with { At = time.GetUtcNow() }, JournalJson.Default.JournalEntry);
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.Read,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });

        // The newline before it, too: a line that a crash cut off must not swallow this one.
        file.Write([(byte)'\n', .. line, (byte)'\n']);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Writes a step that has been taken already: whatever happens to the disk, the work goes on.</summary>
    public void Note(JournalEntry entry)
    {
        try
        {
            Write(entry);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException || FileFault.Translate(e) is not null)
        {
            log.Line($"journal: {entry.Step} not written: {OneLine.Of(e.Message)}");
        }
    }

    private static IEnumerable<string> Lines(FileStream file)
    {
        using var reader = new StreamReader(file);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static JournalEntry? Parsed(string line)
    {
        try
        {
            return line.Length == 0 ? null : JsonSerializer.Deserialize(line, JournalJson.Default.JournalEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
