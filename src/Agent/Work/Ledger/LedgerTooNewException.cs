namespace OpsAgent.Agent.Work.Ledger;

/// <summary>The ledger was written by a newer agent. The program ends with exit code 78 and this message.</summary>
internal sealed class LedgerTooNewException(string path, long found, long known) : Exception(
    $"{path} has schema {found}, this agent knows up to {known}: start the newer agent again, "
    + "or move the file away if all that is in it may be forgotten")
{
    public string Path { get; } = path;

    public long Found { get; } = found;

    public long Known { get; } = known;
}
