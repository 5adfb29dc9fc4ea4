using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

public sealed class PauseTests : IDisposable
{
    private static readonly MsgType Fetch = new("fetch");

    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task Work_of_a_paused_type_is_accepted_and_starts_when_it_is_resumed()
    {
        var other = new FakeHandler("other");
        await using var room = await Room.StartAsync(_state, second: other);
        await room.Pauses.PauseAsync(Fetch, "alice", 1000, "PanDA\nis down", default);

        var waiting = room.Message("a");
        Assert.Equal(AdmissionKind.Accepted, (await room.AcceptAsync(waiting)).Kind);
        var beside = room.Message("b", type: "other");
        await room.AcceptAsync(beside, other);
        await room.SettledAsync(beside.RequestId);

        Assert.Equal("queued", room.Row(waiting.RequestId).State);
        await Eventually.HoldsAsync(() => room.View.Counts is { Queued: 1, Running: 0 }, "the other's slot is free, and nothing else runs");
        var paused = Assert.Single(room.Pauses.All);
        Assert.Equal(("alice", 1000u, room.Time.GetUtcNow()), (paused.By, paused.Uid, paused.Since));
        Assert.DoesNotContain('\n', paused.Reason);

        Assert.Equal(paused, await room.Pauses.ResumeAsync(Fetch, default));
        await room.SettledAsync(waiting.RequestId);
        Assert.Empty(room.Pauses.All);
        Assert.Null(await room.Pauses.ResumeAsync(Fetch, default));
    }

    [Fact]
    public async Task A_pause_stays_over_a_restart_and_so_does_what_waits()
    {
        var waiting = new List<RequestId>();
        await using (var first = await Room.StartAsync(_state))
        {
            await first.Pauses.PauseAsync(Fetch, "alice", 1000, "down", default);
            for (var i = 0; i < 3; i++)
            {
                var message = first.Message($"k{i}");
                waiting.Add(message.RequestId);
                await first.AcceptAsync(message);
            }
        }

        var other = new FakeHandler("other");
        await using var room = await Room.StartAsync(_state, second: other);
        var beside = room.Message("b", type: "other");
        await room.AcceptAsync(beside, other);
        await room.SettledAsync(beside.RequestId);
        Assert.Equal("down", Assert.Single(room.Pauses.All).Reason);
        Assert.All(waiting, id => Assert.Equal("queued", room.Row(id).State));

        await room.Pauses.ResumeAsync(Fetch, default);

        await Eventually.HoldsAsync(() => waiting.TrueForAll(id => room.Row(id).State == "settled"), "all have run");
        Assert.Equal(4, room.Runner.Started.Count);
    }

    [Fact]
    public async Task What_runs_goes_on_and_a_repeated_pause_keeps_its_beginning()
    {
        await using var room = await Room.StartAsync(_state);
        var end = new TaskCompletionSource();
        room.Runner.OnRun = async (_, _) =>
        {
            await end.Task;
            return FakeRunner.Ok;
        };
        var runs = room.Message("a");
        await room.AcceptAsync(runs);
        await Eventually.HoldsAsync(() => room.Runner.Running == 1, "it runs");

        var first = await room.Pauses.PauseAsync(Fetch, "alice", 1000, "one", default);
        room.Time.Advance(TimeSpan.FromMinutes(5));
        var again = await room.Pauses.PauseAsync(Fetch, "bob", 1001, "two", default);
        end.SetResult();

        await room.SettledAsync(runs.RequestId);
        Assert.Equal((first.Since, "bob", "two"), (again.Since, again.By, again.Reason));
        Assert.Equal(again, Assert.Single(room.Pauses.All));
    }
}
