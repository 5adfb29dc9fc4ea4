using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>What an operator has run again is one piece of work, however often it is asked for: it is done once.</summary>
public sealed class RetryTests : IDisposable
{
    private static readonly RequestId A = new("a");
    private static readonly RunResult Failed = FakeRunner.Exit(1);
    private readonly TemporaryState _state = new();
    private RunResult _next = Failed;

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task What_a_retry_has_done_is_not_run_again_by_another_of_the_same_request()
    {
        await using var room = await FailedAsync();
        _next = FakeRunner.Ok;
        var b = await RetriedAsync(room, A);

        Assert.Equal(
            new Decision(DecisionKind.Refused, $"{b} is the same work again, by a retry, and ended as ok: send it again if it is to be done again"),
            await AskAsync(room, A));
        Assert.Equal(2, room.Runner.Started.Count);
    }

    [Fact]
    public async Task Nor_by_one_of_any_request_between()
    {
        await using var room = await FailedAsync();
        var b = await RetriedAsync(room, A);
        var beside = await RetriedAsync(room, A);
        _next = FakeRunner.Ok;
        var c = await RetriedAsync(room, b);

        foreach (var id in new[] { A, b, beside })
        {
            Assert.Contains($"{c} is the same work again", (await AskAsync(room, id)).Text, StringComparison.Ordinal);
        }

        // Also once the first of them is forgotten.
        await room.Ledger.Writer.DoAsync(new SqlOperation("DELETE FROM work WHERE request_id = 'a'"));
        Assert.Contains($"{c} is the same work again", (await AskAsync(room, beside)).Text, StringComparison.Ordinal);
        Assert.Equal(4, room.Runner.Started.Count);
    }

    [Fact]
    public async Task What_a_retry_has_not_ended_yet_is_not_run_again_by_another()
    {
        await using var room = await FailedAsync();
        room.Runner.OnRun = FakeRunner.Forever;
        var b = new RequestId((await AskAsync(room, A)).Text);
        await Eventually.HoldsAsync(() => room.Row(b).State == "running", "the retry runs");

        Assert.Contains($"{b} is the same work again, by a retry, and is running", (await AskAsync(room, A)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_retry_has_left_in_doubt_is_not_run_again_by_another()
    {
        await using var room = await FailedAsync();
        _next = new RunResult { Outcome = Outcome.Unknown, Reason = "exit 8", ExitCode = 8, Ran = true };
        var b = await RetriedAsync(room, A);

        Assert.Contains($"{b} is the same work again, by a retry, and is in doubt", (await AskAsync(room, A)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_retries_at_once_one_is_taken()
    {
        await using var room = await FailedAsync();
        _next = FakeRunner.Ok;

        var decisions = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => AskAsync(room, A))));

        var taken = Assert.Single(decisions, static d => d.Kind == DecisionKind.Done);
        await room.SettledAsync(new RequestId(taken.Text));
        Assert.Equal(2, room.Runner.Started.Count);
    }

    [Fact]
    public async Task What_failed_again_may_be_run_again()
    {
        await using var room = await FailedAsync();
        var b = await RetriedAsync(room, A);
        await RetriedAsync(room, b);
        await RetriedAsync(room, A);
        Assert.Equal(4, room.Runner.Started.Count);
    }

    private static Task<Decision> AskAsync(Room room, RequestId id) => room.Decisions.RetryAsync(id, "bob", CancellationToken.None);

    private static async Task<RequestId> RetriedAsync(Room room, RequestId of)
    {
        var decision = await AskAsync(room, of);
        Assert.Equal(DecisionKind.Done, decision.Kind);
        var id = new RequestId(decision.Text);
        await room.SettledAsync(id);
        return id;
    }

    private async Task<Room> FailedAsync()
    {
        var room = await Room.StartAsync(_state);
        room.Runner.OnRun = (_, _) => Task.FromResult(_next);
        await room.AcceptAsync(requestId: A.Value);
        await room.SettledAsync(A);
        return room;
    }
}
