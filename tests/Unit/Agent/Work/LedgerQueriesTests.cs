using System.Reflection;
using Microsoft.Data.Sqlite;
using OpsAgent.Agent.Work.Ledger;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>A ledger keeps millions of rows that have ended: what asks for the others must not read them all.</summary>
public sealed class LedgerQueriesTests : IDisposable
{
    private readonly TemporaryState _state = new();

    public static TheoryData<string> Questions =>
    [
        .. typeof(LedgerQueries).GetFields(BindingFlags.Static | BindingFlags.Public).Select(static f => (string)f.GetRawConstantValue()!),
        .. Enum.GetValues<WorkState>().Where(static s => s != WorkState.Settled).Select(static s => RowReader.ListQuery(s)),
    ];

    public void Dispose() => _state.Dispose();

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Each_question_for_what_has_not_ended_is_answered_from_an_index_of_just_that(string question)
    {
        var steps = await PlanAsync(question);

        Assert.Contains(steps, static s => s.Contains("INDEX work_begun", StringComparison.Ordinal) || s.Contains("INDEX work_queued", StringComparison.Ordinal));
        Assert.DoesNotContain("SCAN work", steps);
    }

    [Fact]
    public async Task What_a_retry_asks_of_its_like_is_answered_from_indexes()
    {
        var steps = await PlanAsync(RetryFamily.Speaks);

        Assert.Contains(steps, static s => s.Contains("INDEX work_retry", StringComparison.Ordinal));
        Assert.DoesNotContain(steps, static s => s is "SCAN work" or "SCAN w");
    }

    private async Task<List<string>> PlanAsync(string question)
    {
        await using var room = await Room.StartAsync(_state);
        using var connection = Sql.Open(_state);
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the statements of the code under test
        command.CommandText = $"EXPLAIN QUERY PLAN {question}";
#pragma warning restore CA2100
        for (var i = 1; i <= 5; i++)
        {
            command.Parameters.Add(new SqliteParameter($"${i}", DBNull.Value));
        }

        var steps = new List<string>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            steps.Add(reader.GetString(3));
        }

        return steps;
    }
}
