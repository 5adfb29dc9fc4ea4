using Microsoft.Data.Sqlite;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>A mark beside the ledger: damage was met while the agent ran, so that the next start looks at the whole file.</summary>
/// <param name="path">The ledger's file.</param>
internal sealed class LedgerSuspicion(string path)
{
    /// <summary>What the mark's name has behind the ledger's.</summary>
    public const string End = "-suspect";

    private bool _raised;

    public bool IsRaised => File.Exists(path + End);

    /// <summary>Sets the mark if an error is of a damaged file. True if it is.</summary>
    public bool Raise(Exception error)
    {
        if (error is not SqliteException damage || !LedgerCheck.IsDamage(damage))
        {
            return false;
        }

        try
        {
            if (!_raised)
            {
                File.WriteAllText(path + End, "");
                _raised = true;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk that takes nothing now: the writer meets the damage again.
        }

        return true;
    }

    /// <summary>The file was found to be whole.</summary>
    public void Clear() => File.Delete(path + End);
}
