using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Children;
using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.Doers.SubmitTask.Sandboxes;

/// <summary>One submission's folder, 0700: prun's working directory, its output, the journal.</summary>
internal sealed class Sandbox
{
    /// <summary>What prun's processes carry in their environment.</summary>
    public const string MarkVariable = "OPSAGENT_SANDBOX";

    private const int JournalRoom = 16 << 10;
    private const int OutputRoom = 64 << 10;

    public Sandbox(string path, DoerLog log, TimeProvider time)
    {
        Path = path;
        Name = System.IO.Path.GetFileName(path);
        Journal = new Journal(File("control", Sandboxes.Journal.FileName), log, time);
    }

    /// <summary>Its absolute path.</summary>
    public string Path { get; }

    /// <summary>Its folder's name.</summary>
    public string Name { get; }

    /// <summary>How far it has come.</summary>
    public Journal Journal { get; }

    /// <summary>Where prun runs, apart from our own files: it packs and sends what it finds in its working directory.</summary>
    public string WorkFolder => File("work");

    /// <summary>prun's stdout and stderr.</summary>
    public string Output => File("control", "prun.log");

    /// <summary>The mark of prun and of all that it starts.</summary>
    public ProcessMark Mark => new(MarkVariable, Name);

    /// <summary>
    /// Sets room aside for the journal and for what prun prints: on a disk that is full by then, the id must still come through.
    /// Fails if there is not so much.
    /// </summary>
    public void KeepRoom()
    {
        ReservedRoom.Keep(File("control", Sandboxes.Journal.FileName), JournalRoom);
        ReservedRoom.Keep(Output, OutputRoom);
    }

    /// <summary>A file or folder in it.</summary>
    public string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);
}
