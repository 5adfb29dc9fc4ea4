using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

public sealed class LanesTests : IDisposable
{
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task Five_thousand_requests_over_a_small_memory_run_once_each_and_in_order()
    {
        await using var room = await Room.StartAsync(_state, work: o => (o.IdsInMemory, o.Lanes["fetch"]) = (16, 1));
        room.Handler.Template = room.Handler.Template with { MaxParallel = 1 };
        var ids = new List<RequestId>();
        for (var i = 0; i < 5_000; i += 500)
        {
            // Some wait in memory, some on disk, and more come while pages are read.
            var messages = Enumerable.Range(i, 500).Select(n => room.Message($"k{n}", $"caller-{n:0000}")).ToList();
            ids.AddRange(messages.Select(m => m.RequestId));
            await Task.WhenAll(messages.Select(m => room.AcceptAsync(m)));
        }

        await Eventually.HoldsAsync(() => room.View.Counts is { Queued: 0, Running: 0 }, "all ran", TimeSpan.FromMinutes(2));

        Assert.Equal(ids.Select(i => i.Value), room.Runner.Started.Select(s => s.RequestId.Value));
    }

    [Fact]
    public async Task Five_thousand_requests_left_by_an_earlier_agent_run_once_each_beside_new_ones()
    {
        await using (var first = await Room.StartAsync(_state))
        {
            _ = first.Lanes.StopAsync();
            await Task.WhenAll(Enumerable.Range(0, 4_500).Select(i => first.AcceptAsync($"k{i}")));
        }

        await using var room = await Room.StartAsync(_state, work: o => o.IdsInMemory = 32);
        await Task.WhenAll(Enumerable.Range(4_500, 500).Select(i => room.AcceptAsync($"k{i}")));
        await Eventually.HoldsAsync(() => room.View.Counts is { Queued: 0, Running: 0 }, "all ran", TimeSpan.FromMinutes(2));

        Assert.Equal(5_000, room.Runner.Started.Count);
        Assert.Equal(5_000, room.Runner.Started.Select(s => s.RequestId).Distinct().Count());
    }

    [Fact]
    public async Task Work_that_could_not_be_taken_up_is_offered_again()
    {
        await using var room = await Room.StartAsync(_state);
        var failures = 1;
        room.Lanes.Build((_, _, id) => failures-- > 0
            ? Task.FromException<bool>(new NotTakenUpException(new IOException("no descriptors")))
            : room.Executor.RunAsync(id));
        await room.AcceptAsync("k", "r");
        await Eventually.HoldsAsync(() => room.Time.ArmedTimers > 0, "the next offer waits");
        Assert.Empty(room.Runner.Started);

        room.Time.Advance(TimeSpan.FromSeconds(1));

        await room.SettledAsync(new RequestId("r"));
        Assert.Single(room.Runner.Started);
        await Eventually.HoldsAsync(() => room.View.Counts is { Queued: 0, Running: 0 }, "it is counted once");
    }

    [Fact]
    public async Task A_type_that_moved_to_another_lane_runs_no_oftener_at_once_than_it_may_in_both_together()
    {
        await using var room = await Room.StartAsync(_state, work: o => (o.Lanes["fetch"], o.Lanes["other"]) = (4, 4));
        room.Handler.Template = room.Handler.Template with { MaxParallel = 2 };
        var ends = new TaskCompletionSource();
        room.Runner.OnRun = async (_, _) =>
        {
            await ends.Task;
            return FakeRunner.Ok;
        };
        for (var i = 0; i < 10; i++)
        {
            await room.AcceptAsync($"a{i}");
        }

        await Eventually.HoldsAsync(() => room.Runner.Running == 2, "two run");
        room.Handler.Template = room.Handler.Template with { Lane = new LaneName("other") };
        for (var i = 0; i < 10; i++)
        {
            await room.AcceptAsync($"b{i}");
        }

        Assert.Equal([("fetch", 8, 2), ("other", 10, 0)], room.View.Lanes.Select(static l => (l.Name.Value, l.Queued, l.Running)));
        ends.SetResult();
        await Eventually.HoldsAsync(() => room.View.Counts is { Queued: 0, Running: 0 }, "all ran");
        Assert.Equal((20, 2), (room.Runner.Started.Count, room.Runner.MostAtOnce));
    }

    [Fact]
    public async Task No_more_run_than_a_capability_allows_or_its_lane_has_slots()
    {
        var second = new FakeHandler("log");
        second.Template = second.Template with { MaxParallel = 2 };
        await using var room = await Room.StartAsync(_state, second: second, work: o => o.Lanes["fetch"] = 5);
        room.Runner.OnRun = FakeRunner.Forever;
        for (var i = 0; i < 20; i++)
        {
            await room.AcceptAsync(room.Message($"l{i}", type: "log"), second);
        }

        await Eventually.HoldsAsync(() => room.Runner.Running == 2, "two of log run");
        for (var i = 0; i < 20; i++)
        {
            await room.AcceptAsync($"f{i}");
        }

        await Eventually.HoldsAsync(() => room.Runner.Running == 5, "five of the lane run");
        Assert.Equal(2, room.Runner.Started.Count(s => s.MsgType == second.MsgType));
        Assert.Equal(5, room.Runner.MostAtOnce);
        Assert.Equal((35, 5), (room.View.Counts.Queued, room.View.Counts.Running));
        await room.Work.DrainAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.Equal(5, room.Runner.MostAtOnce);
    }

    [Fact]
    public async Task Other_slots_and_limits_hold_at_once_for_what_waits()
    {
        await using var room = await Room.StartAsync(_state, work: o => o.Lanes["fetch"] = 1);
        room.Runner.OnRun = FakeRunner.Forever;
        for (var i = 0; i < 10; i++)
        {
            await room.AcceptAsync($"k{i}");
        }

        await Eventually.HoldsAsync(() => room.Runner.Running == 1, "one runs");
        var limits = new Dictionary<MsgType, int> { [room.Handler.MsgType] = 3 };
        room.Lanes.Reshape(new Dictionary<string, int> { ["fetch"] = 5, ["other"] = 2 }, limits);
        await Eventually.HoldsAsync(() => room.Runner.Running == 3, "three run");
        limits[room.Handler.MsgType] = 100;
        room.Lanes.Reshape(new Dictionary<string, int> { ["fetch"] = 5, ["other"] = 2 }, limits);
        await Eventually.HoldsAsync(() => room.Runner.Running == 5, "five run");

        Assert.Equal([("fetch", 5, 5, 5), ("other", 2, 0, 0)], room.View.Lanes.Select(l => (l.Name.Value, l.Slots, l.Queued, l.Running)));
        Assert.Equal(5, room.Runner.MostAtOnce);
    }

    [Fact]
    public async Task A_slow_capability_with_a_backlog_starves_neither_its_lane_nor_another()
    {
        var other = new FakeHandler("other");
        await using var room = await Room.StartAsync(_state, second: other, work: o => (o.Lanes["fetch"], o.Lanes["quick"]) = (2, 1));
        room.Handler.Template = room.Handler.Template with { MaxParallel = 1 };
        room.Runner.OnRun = (context, token) =>
            context.MsgType == room.Handler.MsgType ? FakeRunner.Forever(context, token) : Task.FromResult(FakeRunner.Ok);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => room.AcceptAsync($"slow{i}")));

        var beside = room.Message("a", "beside", type: "other");
        await room.AcceptAsync(beside, other);
        await room.SettledAsync(beside.RequestId);
        other.Template = other.Template with { Lane = new LaneName("quick") };
        var elsewhere = room.Message("b", "elsewhere", type: "other");
        await room.AcceptAsync(elsewhere, other);
        await room.SettledAsync(elsewhere.RequestId);

        Assert.Equal(99, room.View.Counts.Queued);
        Assert.Equal(["fetch", "quick"], room.View.Lanes.Select(l => l.Name.Value));
    }

    [Fact]
    public async Task Capabilities_of_one_lane_take_turns()
    {
        var other = new FakeHandler("other");
        var first = new TaskCompletionSource();
        await using var room = await Room.StartAsync(_state, second: other, work: o => o.Lanes["fetch"] = 1);
        room.Runner.OnRun = async (_, _) =>
        {
            await first.Task;
            return FakeRunner.Ok;
        };
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => room.AcceptAsync($"f{i}")));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(i => room.AcceptAsync(room.Message($"o{i}", type: "other"), other)));
        first.SetResult();
        await Eventually.HoldsAsync(() => room.View.Counts is { Queued: 0, Running: 0 }, "all ran");

        var lastOfOther = room.Runner.Started.Select((s, i) => (s, i)).Last(x => x.s.MsgType == other.MsgType).i;
        Assert.InRange(lastOfOther, 3, 8);
    }

    [Fact]
    public async Task Work_for_a_lane_that_is_not_configured_runs_in_one_slot()
    {
        await using var room = await Room.StartAsync(_state);
        room.Handler.Template = room.Handler.Template with { Lane = new LaneName("nowhere"), MaxParallel = 9 };
        room.Runner.OnRun = FakeRunner.Forever;
        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => room.AcceptAsync($"k{i}")));

        await Eventually.HoldsAsync(() => room.Runner.Running == 1, "one runs");
        Assert.Equal(1, room.View.Lanes.Single(l => l.Name.Value == "nowhere").Slots);
        Assert.Equal((4, 1), (room.View.Counts.Queued, room.View.Counts.Running));
    }

    [Fact]
    public async Task The_oldest_that_waits_is_known_without_a_look_at_the_disk()
    {
        await using var room = await Room.StartAsync(_state, work: o => o.Lanes["fetch"] = 1);
        room.Runner.OnRun = FakeRunner.Forever;
        Assert.Null(room.View.Counts.OldestQueuedAt);
        await room.AcceptAsync("running");
        await Eventually.HoldsAsync(() => room.View.Counts.Queued == 0, "it runs");
        var at = room.Time.GetUtcNow();
        await room.AcceptAsync("oldest");
        room.Time.Advance(TimeSpan.FromMinutes(1));
        await room.AcceptAsync("younger");

        Assert.Equal(at, room.View.Counts.OldestQueuedAt);
        Assert.Equal(at, room.View.Lanes.Single().OldestQueuedAt);
    }
}
