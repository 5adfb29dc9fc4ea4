namespace OpsAgent.Agent.Work.Ledger;

/// <summary>The ledger's file is damaged, or is no ledger. The program ends with exit code 78 and this message.</summary>
internal sealed class LedgerBrokenException(string path, string problem, Exception? inner = null) : Exception(
    $"{path} is broken: {problem}. Copy the state folder if it may be of use; then run opsagent --new-ledger, as the agent's user and "
    + "with its environment file, which sets the broken file aside and makes a new one: what waits in the old one is not run, and "
    + "keys in doubt are no longer held, so look these up first (opsctl work list --state doubt, as far as it can be read)",
    inner)
{
    public string Path { get; } = path;
}
