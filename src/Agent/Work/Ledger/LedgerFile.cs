using Microsoft.Data.Sqlite;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Opens <c>ledger.db</c>: makes it, brings its schema up to date, and gives out connections.</summary>
internal static class LedgerFile
{
    public const string Name = "ledger.db";

    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The one connection that writes, migrated. SQLite gives the files beside it the same mode.</summary>
    /// <exception cref="LedgerTooNewException">A newer agent has written the file.</exception>
    /// <exception cref="LedgerBrokenException">It is damaged, or no ledger.</exception>
    public static SqliteConnection OpenForWriting(string stateDirectory, IReadOnlyList<string> steps)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("the ledger's file modes are those of Linux");
        }

        if (!Directory.Exists(stateDirectory))
        {
            Directory.CreateDirectory(stateDirectory, FolderMode);
        }

        var path = System.IO.Path.Combine(stateDirectory, Name);
        using (new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            UnixCreateMode = OwnerOnly,
        }))
        {
            // Made here, not by SQLite, so that it is never readable by others, not even for a moment.
        }

        File.SetUnixFileMode(path, OwnerOnly);
        try
        {
            return OpenWhole(path, steps);
        }
        catch (SqliteException e) when (LedgerCheck.IsDamage(e))
        {
            throw new LedgerBrokenException(path, e.Message, e);
        }
    }

    /// <summary>Without a look at what is in it, and with no change but what SQLite itself recovers.</summary>
    public static SqliteConnection OpenAsItIs(string path) => Open(path, SqliteOpenMode.ReadWrite);

    /// <summary>A connection that can't write and never makes the writer wait.</summary>
    public static SqliteConnection OpenForReading(string stateDirectory) =>
        Open(System.IO.Path.Combine(stateDirectory, Name), SqliteOpenMode.ReadOnly);

    public static long Version(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteConnection OpenWhole(string path, IReadOnlyList<string> steps)
    {
        // A log that was left behind: whoever wrote it did not end well. A clean end costs no check.
        var wasLeft = File.Exists(path + "-wal");
        var connection = Open(path, SqliteOpenMode.ReadWrite);
        try
        {
            var suspicion = new LedgerSuspicion(path);
            if (suspicion.IsRaised)
            {
                if (LedgerCheck.FindProblem(connection, Timeout.InfiniteTimeSpan, wholly: true) is { } found)
                {
                    throw new LedgerBrokenException(path, found);
                }

                suspicion.Clear();
            }
            else if (wasLeft && LedgerCheck.FindProblem(connection, LedgerCheck.StartLimit) is { } problem)
            {
                throw new LedgerBrokenException(path, problem);
            }

            Run(connection, """
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA cache_size = -4096;
                PRAGMA wal_autocheckpoint = 1000;
                PRAGMA journal_size_limit = 16777216;
                PRAGMA temp_store = MEMORY;
                """);
            Migrate(connection, path, steps);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,

            // In seconds; the provider itself tries a locked file again for so long. 0 would mean for ever.
            DefaultTimeout = 1,
        }.ToString());
        try
        {
            connection.Open();
            Run(connection, "PRAGMA busy_timeout = 500");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Migrate(SqliteConnection connection, string path, IReadOnlyList<string> steps)
    {
        var found = Version(connection);
        if (found > steps.Count)
        {
            throw new LedgerTooNewException(path, found, steps.Count);
        }

        for (var step = (int)found; step < steps.Count; step++)
        {
            // The version is part of the transaction: a step is taken whole or not at all.
            Run(connection, $"BEGIN EXCLUSIVE; {steps[step]}; PRAGMA user_version = {step + 1}; COMMIT;");
        }
    }

#pragma warning disable CA2100 // every statement is a constant of this room, and parameters carry the values
    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
#pragma warning restore CA2100
}
