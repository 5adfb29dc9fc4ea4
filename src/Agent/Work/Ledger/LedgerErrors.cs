using Microsoft.Data.Sqlite;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Tells trouble of the disk, which passes, from a change that can never be made.</summary>
internal static class LedgerErrors
{
    private const int Error = 1;
    private const int TooBig = 18;
    private const int Constraint = 19;
    private const int Mismatch = 20;
    private const int Misuse = 21;
    private const int Range = 25;

    /// <summary>
    /// True for a full disk, a locked file, I/O errors, a corrupt file, and whatever else SQLite may say: to keep a request
    /// waiting is safe, to drop it is not.
    /// </summary>
    public static bool MayPass(Exception error) =>
        error is SqliteException { SqliteErrorCode: not (Error or TooBig or Constraint or Mismatch or Misuse or Range) };
}
