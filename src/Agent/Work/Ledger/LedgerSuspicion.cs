using Microsoft.Data.Sqlite;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>A mark beside the ledger: damage was met while the agent ran, so that the next start looks at the whole file.</summary>
/// <param name="path">The ledger's file.</param>
internal sealed class LedgerSuspicion(string path)
{
    /// <summary>What the mark's name has behind the ledger's.</summary>
    public const string End = "-suspect";

    private volatile bool _raised;
    private volatile string _told = "";

    public bool IsRaised => File.Exists(path + End);

    /// <summary>What damage was met since this start, for people; empty if none.</summary>
    public string Told => _told;

    /// <summary>Sets the mark if an error is of a damaged file. True if it is. Any thread may call it.</summary>
    public bool Raise(Exception error)
    {
        if (error is not SqliteException damage || !LedgerCheck.IsDamage(damage))
        {
            return false;
        }

        _told = $"{damage.Message}: the ledger seems to be broken; the next start of the agent checks all of it";
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
            // A disk that takes nothing now, or another thread that makes the file: whoever meets the damage again tries again.
        }

        return true;
    }

    /// <summary>The file was found to be whole.</summary>
    public void Clear() => File.Delete(path + End);
}
