using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>A state folder that goes away with its test, and with it the copies that were made of it.</summary>
internal sealed class TemporaryState : IDisposable
{
    private readonly List<TemporaryState> _copies = [];

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "opsagent-work-" + Guid.NewGuid().ToString("N"));

    public string LedgerPath => Path.Combine(Folder, "ledger.db");

    /// <summary>
    /// The files as they are now, somewhere else: what a crash at this moment would leave. The writer stands still meanwhile,
    /// or the files would be of different moments; the index of the log is left out, since it is made again.
    /// </summary>
    public TemporaryState Crash(LedgerWriter writer, Action? atThatMoment = null)
    {
        using var gate = new WriterGate(writer);
        var copy = new TemporaryState();
        _copies.Add(copy);
        Directory.CreateDirectory(copy.Folder);
        foreach (var file in Directory.GetFiles(Folder).Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(copy.Folder, Path.GetFileName(file)));
        }

        atThatMoment?.Invoke();
        return copy;
    }

    public void Dispose()
    {
        _copies.ForEach(copy => copy.Dispose());
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
