using System.Text.Json;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>From when a hold counts, and until when it is known.</summary>
public sealed class HoldLengthTests : IDisposable
{
    private readonly TemporaryState _state = new();
    private readonly FakeGate _gate = new();
    private readonly FakeTime _time = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task One_that_waited_long_before_the_hold_has_the_whole_of_it()
    {
        await using var room = await StartAsync(slots: 1);
        var ends = new TaskCompletionSource<RunResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        room.Runner.OnRun = (_, _) => ends.Task;
        await room.AcceptAsync("1", "runs");
        await Eventually.HoldsAsync(() => room.Runner.Started.Count == 1, "the first runs");
        await room.AcceptAsync("2", "a");
        room.Time.Advance(TimeSpan.FromMinutes(30));
        _gate.Take("fetch", maxHold: TimeSpan.FromMinutes(10));
        ends.SetResult(new RunResult { Outcome = Outcome.Ok, Ran = true });
        await ToldAsync(room, 1);

        room.Time.Advance(TimeSpan.FromMinutes(9));
        await ProbeAsync(room, 3);
        Assert.Equal("queued", room.Row(new RequestId("a")).State);

        room.Time.Advance(TimeSpan.FromMinutes(2));
        await room.SettledAsync(new RequestId("a"));
        Assert.Matches("^held for 6[0-9]{2} s: ", room.Row(new RequestId("a")).Reason);
    }

    [Fact]
    public async Task A_hold_that_has_ended_is_none_after_a_restart_and_the_next_is_told_and_lasts_anew()
    {
        _gate.Take("fetch");
        await using (var first = await StartAsync())
        {
            first.Runner.OnRun = (_, _) => Task.FromResult(
                new RunResult { Outcome = Outcome.Error, ExitCode = Executor.TryAgain, Reason = "not now", Ran = true });
            await first.AcceptAsync("1", "a");
            await ToldAsync(first, 1);
            _gate.Give("fetch");
            first.Time.Advance(LaneBoard.BetweenProbes);
            await Eventually.HoldsAsync(() => first.Runner.Started.Count == 1 && first.View.Counts is { Queued: 1, Running: 0 }, "it ran and waits again");
            await first.Work.DrainAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        }

        Assert.Equal(0L, Sql.Scalar(_state, "SELECT count(*) FROM hold"));
        _time.Advance(TimeSpan.FromMinutes(50));
        _gate.Take("fetch");
        await using var room = await StartAsync();
        await ToldAsync(room, 1);

        room.Time.Advance(TimeSpan.FromMinutes(55));
        await ProbeAsync(room, 3);
        Assert.Equal("queued", room.Row(new RequestId("a")).State);
    }

    private static bool IsHeldEvent(JsonElement body) =>
        body.TryGetProperty("msg_type", out var type) && type.GetString() == "ops_request_held";

    private static Task ToldAsync(Room room, int count) => Eventually.HoldsAsync(
        () => room.Bus.Bodies.Count(IsHeldEvent) == count && room.Outbox.Depth == 0, () => $"{count} are told, {room.Bus.Bodies.Count(IsHeldEvent)} are");

    /// <summary>So many looks whether it can be started, each waited for.</summary>
    private static async Task ProbeAsync(Room room, int times)
    {
        for (var i = 0; i < times; i++)
        {
            room.Time.Advance(LaneBoard.BetweenProbes);
            await Eventually.HoldsAsync(() => room.View.Counts.Running == 0, "nothing is being looked at");
        }
    }

    private Task<Room> StartAsync(int slots = 4) => Room.StartAsync(_state, _time, gate: _gate, work: o => o.Lanes["fetch"] = slots);
}
