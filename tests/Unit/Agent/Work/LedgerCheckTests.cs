using Microsoft.Data.Sqlite;
using OpsAgent.Agent.Work.Ledger;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>A start must not take as long as a large file takes to be read.</summary>
public sealed class LedgerCheckTests : IDisposable
{
    private const int PageSize = 4096;
    private readonly string _folder = Directory.CreateTempSubdirectory("opsagent-check-").FullName;

    private string Database => Path.Combine(_folder, "large.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_check_that_takes_too_long_is_given_up_and_has_found_nothing()
    {
        MakeLarge();
        DamageFirstLeaf();
        using var connection = Open();
        Assert.NotNull(LedgerCheck.FindProblem(connection, Timeout.InfiniteTimeSpan));

        Assert.Null(LedgerCheck.FindProblem(connection, TimeSpan.Zero));

        // It is not left behind for what is asked next.
        Assert.NotNull(LedgerCheck.FindProblem(connection, TimeSpan.FromHours(1)));
        Assert.NotNull(LedgerCheck.FindProblem(connection, Timeout.InfiniteTimeSpan));
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        return connection;
    }

    private void MakeLarge()
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            PRAGMA page_size = 4096;
            CREATE TABLE large(id INTEGER PRIMARY KEY, text TEXT NOT NULL);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500000)
            INSERT INTO large(text) SELECT 'row ' || i FROM n;
            """;
        command.ExecuteNonQuery();
    }

    // The page behind the table's root. SQLite begins with the youngest leaf, so the check meets this one at its end.
    private void DamageFirstLeaf()
    {
        using var file = new FileStream(Database, FileMode.Open, FileAccess.ReadWrite);
        file.Position = 2 * PageSize;
        file.Write(new byte[PageSize]);
    }
}
