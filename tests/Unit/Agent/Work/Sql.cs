using Microsoft.Data.Sqlite;
using OpsAgent.Agent.Work.Ledger;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>The ledger's file from outside, as another program sees it.</summary>
internal static class Sql
{
    public static SqliteConnection Open(TemporaryState state)
    {
        var connection = new SqliteConnection($"Data Source={state.LedgerPath};Pooling=False;Default Timeout=30");
        connection.Open();
        return connection;
    }

#pragma warning disable CA2100 // statements of the tests
    public static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static object? Scalar(TemporaryState state, string sql)
    {
        using var connection = Open(state);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
#pragma warning restore CA2100
}

/// <summary>Any statement, on the writer's own connection.</summary>
internal sealed class SqlOperation(string sql) : LedgerOperation<int>
{
    protected override int Change(LedgerSession session) => session.Execute(sql);
}

/// <summary>Holds the writer within a change until it is opened, so that what comes meanwhile is one batch.</summary>
internal sealed class WriterGate : IDisposable
{
#pragma warning disable CA2213 // the writer may still be about to look at them
    private readonly ManualResetEventSlim _open = new();
    private readonly ManualResetEventSlim _reached = new();
#pragma warning restore CA2213

    public WriterGate(LedgerWriter writer)
    {
        writer.Post(new Hold(this));
        Assert.True(_reached.Wait(TimeSpan.FromSeconds(30)), "the writer takes the gate");
    }

    public void Open() => _open.Set();

    public void Dispose() => _open.Set();

    private sealed class Hold(WriterGate gate) : LedgerOperation<int>
    {
        protected override int Change(LedgerSession session)
        {
            gate._reached.Set();
            gate._open.Wait(TimeSpan.FromSeconds(30));
            return 0;
        }
    }
}
