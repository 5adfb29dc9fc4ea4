using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Looks whether a ledger's file is whole.</summary>
internal static class LedgerCheck
{
    /// <summary>So long the check may take at a start: a large file is then as good as what was seen of it.</summary>
    public static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    // Asked of the check itself, as it goes: a timer may come late on a busy machine, and would be one more thread's business.
    private const int PagesBetweenLooks = 100;

    private const int Corrupt = 11;
    private const int NotADatabase = 26;
    private const string Sound = "ok";

    /// <summary>True if SQLite itself says that the file is damaged or is none of its own.</summary>
    public static bool IsDamage(SqliteException error) => error.SqliteErrorCode is Corrupt or NotADatabase;

    /// <summary>SQLite's quick check: every page and row, and each index against its table only if asked for.</summary>
    /// <param name="connection">Open.</param>
    /// <param name="limit">Given up after so long; infinite: never.</param>
    /// <param name="wholly">Each index against its table too.</param>
    /// <returns>The first thing that is wrong; null if nothing is, or nothing was found in time.</returns>
    public static string? FindProblem(SqliteConnection connection, TimeSpan limit, bool wholly = false)
    {
        var began = Stopwatch.GetTimestamp();
        var isLimited = limit != Timeout.InfiniteTimeSpan;
        raw.sqlite3_progress_handler(
            connection.Handle, isLimited ? PagesBetweenLooks : 0, isLimited ? _ => Stopwatch.GetElapsedTime(began) >= limit ? 1 : 0 : null, null);
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        if (wholly)
        {
            command.CommandText = "PRAGMA integrity_check(1)";
        }

        command.CommandTimeout = 0;
        try
        {
            return command.ExecuteScalar() as string is { } found and not Sound ? found.ReplaceLineEndings(" ") : null;
        }
        catch (SqliteException e) when (IsDamage(e))
        {
            return e.Message;
        }
        catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
            return null;
        }
        finally
        {
            raw.sqlite3_progress_handler(connection.Handle, 0, null, null);
        }
    }
}
