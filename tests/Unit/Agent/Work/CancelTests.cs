using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

public sealed class CancelTests : IDisposable
{
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task What_waits_is_settled_at_once_and_never_runs()
    {
        await using var room = await Room.StartAsync(_state, work: o => o.Lanes["fetch"] = 1);
        room.Runner.OnRun = FakeRunner.Forever;
        await room.AcceptAsync("first", "first");
        await Eventually.HoldsAsync(() => room.Runner.Running == 1, "the first runs");
        await room.AcceptAsync("waits", "waits");

        Assert.Equal(CancelAnswer.Cancelled, await room.View.CancelAsync(new RequestId("waits"), force: false, "wenaus", CancellationToken.None));

        Assert.Equal((Outcome.Cancelled, "cancelled by wenaus"), (room.Row(new RequestId("waits")).Outcome!.Value, room.Row(new RequestId("waits")).Reason));
        Assert.Contains(room.Handler.Concluded, c => c.Id.Value == "waits" && c.Result is { Outcome: Outcome.Cancelled, Ran: false });
        Assert.Equal(0, room.View.Counts.Queued);
        Assert.Equal(CancelAnswer.AlreadySettled, await room.View.CancelAsync(new RequestId("waits"), force: false, "me", CancellationToken.None));
        Assert.Equal(CancelAnswer.Cancelled, await room.View.CancelAsync(new RequestId("first"), force: false, "me", CancellationToken.None));
        await Eventually.HoldsAsync(() => room.View.Counts.Running == 0, "the slot is free");
        Assert.Single(room.Runner.Started);
    }

    [Fact]
    public async Task What_runs_is_ended_first_and_then_settled()
    {
        await using var room = await Room.StartAsync(_state);
        room.Runner.OnRun = FakeRunner.Forever;
        var message = room.Message("k", "k");
        await room.AcceptAsync(message);
        await Eventually.HoldsAsync(() => room.Row(message.RequestId).State == "running", "it runs");

        Assert.Equal(CancelAnswer.Cancelled, await room.View.CancelAsync(message.RequestId, force: false, "wenaus", CancellationToken.None));

        Assert.Equal("cancelled by wenaus", room.Row(message.RequestId).Reason);
        await room.PublishedAsync(1);
        Assert.Equal(0, room.Bus.Settlements.Single().GetProperty("survivors").GetInt32());
    }

    [Fact]
    public async Task What_may_have_had_an_effect_is_not_cancelled_once_it_has_begun()
    {
        await using var room = await Room.StartAsync(_state);
        room.Handler.Template = room.Handler.Template with { Recovery = RecoveryPolicy.Report };
        var end = new TaskCompletionSource<RunResult>();
        room.Runner.OnRun = (_, token) => end.Task.WaitAsync(token);
        var message = room.Message("k");
        await room.AcceptAsync(message);
        await Eventually.HoldsAsync(() => room.Runner.Running == 1, "it runs");

        Assert.Equal(CancelAnswer.Refused, await room.View.CancelAsync(message.RequestId, force: false, "me", CancellationToken.None));
        end.SetResult(FakeRunner.Ok);
        await room.SettledAsync(message.RequestId);
        Assert.Equal(Outcome.Ok, room.Row(message.RequestId).Outcome);
    }

    [Fact]
    public async Task An_unknown_request_is_not_found_and_a_refused_one_had_ended()
    {
        await using var room = await Room.StartAsync(_state);
        await room.Intake.RefuseAsync(
            new Refusal { RequestId = new RequestId("refused"), HasCallersRequestId = true, Reason = "bad JSON" }, CancellationToken.None);

        Assert.Equal(CancelAnswer.NotFound, await room.View.CancelAsync(new RequestId("nobody"), force: false, "me", CancellationToken.None));
        Assert.Equal(CancelAnswer.AlreadySettled, await room.View.CancelAsync(new RequestId("refused"), force: false, "me", CancellationToken.None));
    }

    [Fact]
    public async Task Cancels_that_race_with_starts_and_ends_leave_one_settlement_each()
    {
        await using var room = await Room.StartAsync(_state);
        room.Runner.OnRun = async (context, token) =>
        {
            await Task.Yield();
            return token.IsCancellationRequested
                ? new RunResult { Outcome = Outcome.Cancelled, Ran = true }
                : FakeRunner.Ok;
        };
        var ids = Enumerable.Range(0, 300).Select(i => $"c{i}").ToList();
        await Task.WhenAll(ids.Select(async id =>
        {
            await room.AcceptAsync(id, id);
            Assert.NotEqual(CancelAnswer.NotFound, await room.View.CancelAsync(new RequestId(id), force: false, "me", CancellationToken.None));
        }));
        await room.PublishedAsync(300);

        Assert.Equal(300, room.Bus.Settlements.Select(s => s.GetProperty("request_id").GetString()).Distinct().Count());
        Assert.Equal(300, room.Bus.Settlements.Count);
        await Eventually.HoldsAsync(() => room.View.Counts is { Queued: 0, Running: 0 }, "the counts come back to nothing");
    }
}
