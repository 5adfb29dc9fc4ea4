using System.Globalization;
using Microsoft.Data.Sqlite;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Sets a broken ledger aside under a name with the time, and makes a new one. Nothing is deleted.</summary>
internal static class LedgerAside
{
    // The log belongs to its file by name: SQLite finds it again beside the renamed one.
    private static readonly string[] Files = ["", "-wal", "-shm", LedgerSuspicion.End];

    /// <summary>Only for who holds the state folder's lock.</summary>
    /// <param name="stateDirectory">The state folder.</param>
    /// <param name="now">For the name.</param>
    /// <param name="answer">What was done, or why nothing was.</param>
    /// <returns>False if there is no broken file: then nothing has changed.</returns>
    public static bool TrySetAside(string stateDirectory, DateTimeOffset now, out string answer)
    {
        var path = Path.Combine(stateDirectory, LedgerFile.Name);
        if (!File.Exists(path))
        {
            answer = $"there is no {path}: an agent that starts makes it";
            return false;
        }

        if (FindProblem(path) is not { } problem)
        {
            answer = $"{path} is not broken, so it stays: nothing was changed";
            return false;
        }

        var aside = $"{path}.broken-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";
        foreach (var end in Files.Where(end => File.Exists(path + end)))
        {
            File.Move(path + end, aside + end, overwrite: false);
        }

        LedgerFile.OpenForWriting(stateDirectory, LedgerSchema.Steps).Dispose();
        answer = $"{path} was broken ({problem}): it is {aside} now, and a new one is in its place";
        return true;
    }

    private static string? FindProblem(string path)
    {
        try
        {
            using var connection = LedgerFile.OpenAsItIs(path);
            return LedgerCheck.FindProblem(connection, Timeout.InfiniteTimeSpan, wholly: true);
        }
        catch (SqliteException e) when (LedgerCheck.IsDamage(e))
        {
            return e.Message;
        }
    }
}
