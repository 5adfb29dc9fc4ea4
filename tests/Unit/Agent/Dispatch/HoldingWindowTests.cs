using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Dispatch;

public sealed class HoldingWindowTests
{
    private readonly List<string> _acked = [];
    private readonly List<OutgoingMessage> _published = [];
    private readonly Mock<IDeliverySource> _source = new();
    private readonly Mock<IMessageBus> _bus = new();
    private readonly FakeTime _time = new();
    private readonly OverfullNotice _notice;

    public HoldingWindowTests()
    {
        _source.Setup(s => s.Ack(It.IsAny<Delivery>())).Callback((Delivery d) => _acked.Add(d.Id!.Value.Value));
        _bus.Setup(b => b.SendAsync(It.IsAny<OutgoingMessage>(), It.IsAny<CancellationToken>()))
            .Callback((OutgoingMessage m, CancellationToken _) => _published.Add(m));
        var composer = new EventComposer(Options.Create(new EventsOptions { SettledTopic = "/topic/settled" }), NullLogger<EventComposer>.Instance);
        _notice = new OverfullNotice(_bus.Object, composer, _time, NullLogger<OverfullNotice>.Instance);
    }

    [Fact]
    public async Task A_delivery_is_acked_only_once_the_ledger_has_it()
    {
        var window = Window(10);
        var commit = new TaskCompletionSource<Admission>();
        window.Hold(Held("a", _ => commit.Task));
        Assert.Empty(_acked);
        Assert.Equal(1, window.Count);

        commit.SetResult(new Admission(AdmissionKind.Accepted));

        await Eventually.HoldsAsync(() => _acked.Count == 1 && window.Count == 0, "the ack follows the commit");
    }

    [Fact]
    public async Task When_the_ledger_stands_still_the_oldest_is_withdrawn_and_refused_directly()
    {
        var window = Window(2);
        foreach (var id in (string[])["a", "b", "c"])
        {
            window.Hold(Held(id, NeverCommits));
        }

        await Eventually.HoldsAsync(() => _acked.Count == 1 && _published.Count == 1, "one is refused");
        Assert.Equal(["a"], _acked);
        Assert.Equal(2, window.Count);
        Assert.Equal(1, _notice.Refused);
        var body = System.Text.Json.JsonDocument.Parse(Assert.Single(_published).Body).RootElement;
        Assert.Equal("rejected", body.GetProperty("outcome").GetString());
        Assert.Equal("a", body.GetProperty("request_id").GetString());
    }

    [Fact]
    public async Task One_that_was_already_being_committed_is_not_refused_though_it_is_the_oldest()
    {
        var window = Window(1);
        var commit = new TaskCompletionSource<Admission>();
        window.Hold(Held("a", _ => commit.Task));
        window.Hold(Held("b", NeverCommits));
        commit.SetResult(new Admission(AdmissionKind.Accepted));

        await Eventually.HoldsAsync(() => _acked.Count == 1, "a is acked");
        Assert.Equal(["a"], _acked);
        Assert.Empty(_published);
    }

    [Fact]
    public async Task Bytes_are_bounded_like_numbers()
    {
        var window = new HoldingWindow(_source.Object, _notice, new HoldingLimits(1000, 100) { StillAfter = TimeSpan.Zero }, _time, NullLogger<HoldingWindow>.Instance);
        window.Hold(Held("a", NeverCommits, new byte[60]));
        window.Hold(Held("b", NeverCommits, new byte[60]));

        await Eventually.HoldsAsync(() => _acked.Count == 1, "the oldest makes room");
        Assert.Equal(["a"], _acked);
    }

    [Fact]
    public async Task A_body_that_was_skipped_counts_as_what_it_takes_of_the_brokers_window()
    {
        var window = new HoldingWindow(_source.Object, _notice, new HoldingLimits(1000, 100) { StillAfter = TimeSpan.Zero }, _time, NullLogger<HoldingWindow>.Instance);
        window.Hold(Skipped("a", 60));
        window.Hold(Skipped("b", 60));

        await Eventually.HoldsAsync(() => _acked.Count == 1, "the oldest makes room");
        Assert.Equal(["a"], _acked);
        Assert.Equal(1, window.Count);
    }

    [Fact]
    public async Task One_that_takes_more_than_all_that_is_held_may_take_is_refused_itself()
    {
        var window = new HoldingWindow(_source.Object, _notice, new HoldingLimits(1000, 100) { StillAfter = TimeSpan.Zero }, _time, NullLogger<HoldingWindow>.Instance);
        window.StartHolding();
        window.Hold(Skipped("small", 40));
        window.Hold(Skipped("large", 101));

        await Eventually.HoldsAsync(() => _acked.Count == 1 && _published.Count == 1, "it is refused");
        Assert.Equal(1, window.Count);
    }

    [Fact]
    public async Task So_many_are_offered_at_once_and_the_others_wait_as_they_came_until_their_turn()
    {
        const int All = HoldingWindow.MostStoring + 500;
        var window = Window(10_000);
        var commits = new System.Collections.Concurrent.ConcurrentQueue<TaskCompletionSource<Admission>>();
        var read = 0;
        HeldWay Way(string id) => new(
            _ =>
            {
                var commit = new TaskCompletionSource<Admission>();
                commits.Enqueue(commit);
                return commit.Task;
            },
            new Refusal { RequestId = new RequestId(id), Reason = "full" });
        for (var i = 0; i < All; i++)
        {
            var id = $"d{i}";
            window.Hold(new HeldDelivery(Deliveries.Of("", id), Way(id), _ =>
            {
                read++;
                return Way(id);
            }));
        }

        Assert.Equal((HoldingWindow.MostStoring, 0, All), (commits.Count, read, window.Count));
        for (var done = 0; done < All; done++)
        {
            await Eventually.HoldsAsync(() => !commits.IsEmpty, "the next is offered");
            commits.TryDequeue(out var commit);
            commit!.SetResult(new Admission(AdmissionKind.Accepted));
        }

        await Eventually.HoldsAsync(() => window.Count == 0, "all are stored");
        Assert.Equal(500, read);
        Assert.Equal(Enumerable.Range(0, All).Select(i => $"d{i}"), _acked);
    }

    [Fact]
    public async Task Of_those_that_wait_for_their_turn_the_oldest_make_room_and_are_refused()
    {
        var window = Window(10);
        window.StartHolding();
        for (var i = 0; i < 1_000; i++)
        {
            window.Hold(Held($"d{i}", _ => Task.FromResult(new Admission(AdmissionKind.Accepted))));
        }

        Assert.Equal(990, _notice.Refused);
        window.StopHolding();
        await Eventually.HoldsAsync(() => window.Count == 0, "the rest is stored");
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => $"d{i}"), _acked);
    }

    [Fact]
    public void While_draining_nothing_is_offered_to_the_ledger_and_nothing_acked()
    {
        var window = Window(10);
        window.StartHolding();
        var offered = false;
        window.Hold(Held("a", _ =>
        {
            offered = true;
            return Task.FromResult(new Admission(AdmissionKind.Accepted));
        }));
        Assert.False(offered);
        Assert.Empty(_acked);
        Assert.Equal(1, window.Count);
    }

    [Fact]
    public async Task A_delivery_that_could_not_be_stored_is_held_and_offered_again()
    {
        var window = Window(10);
        var tries = 0;
        window.Hold(Held("a", _ => ++tries == 1
            ? Task.FromException<Admission>(new InvalidOperationException("no disk"))
            : Task.FromResult(new Admission(AdmissionKind.Accepted))));
        Assert.Empty(_acked);
        Assert.Equal(1, window.Count);

        await Eventually.HoldsAsync(() => _time.ArmedTimers == 1, "the next try waits");
        _time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.HoldsAsync(() => _acked.Count == 1 && window.Count == 0, "it is stored and acked");
        Assert.Empty(_published);
    }

    [Fact]
    public async Task One_that_waits_for_its_next_try_is_refused_like_others_when_room_is_needed()
    {
        var window = Window(1);
        window.Hold(Held("a", _ => Task.FromException<Admission>(new InvalidOperationException("no disk"))));
        await Eventually.HoldsAsync(() => _time.ArmedTimers == 1, "the next try waits");
        window.Hold(Held("b", NeverCommits));

        await Eventually.HoldsAsync(() => _published.Count == 1, "the oldest is refused");
        Assert.Equal(["a"], _acked);
    }

    [Fact]
    public async Task One_whose_storing_fails_just_when_it_has_to_make_room_is_refused_once()
    {
        var window = Window(1);
        var failure = new TaskCompletionSource<Admission>();
        window.Hold(Held("a", _ => failure.Task));
        window.Hold(Held("b", NeverCommits));
        Assert.Empty(_acked);

        failure.SetException(new InvalidOperationException("no disk"));

        await Eventually.HoldsAsync(() => _published.Count == 1 && _acked.Count == 1, "it is refused");
        Assert.Equal(["a"], _acked);
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact]
    public async Task What_was_held_for_a_ledger_that_was_not_there_is_offered_when_it_is()
    {
        var window = Window(10);
        window.StartHolding();
        window.Hold(Held("a", _ => Task.FromResult(new Admission(AdmissionKind.Accepted))));
        Assert.Empty(_acked);

        window.StopHolding();

        await Eventually.HoldsAsync(() => _acked.Count == 1 && window.Count == 0, "it is stored and acked");
    }

    [Fact]
    public async Task When_the_connection_is_lost_what_is_held_is_let_go_without_a_word()
    {
        var window = Window(2);
        window.Hold(Held("a", NeverCommits));
        window.Hold(Held("b", NeverCommits));

        window.ConnectionLost();
        Assert.Equal(0, window.Count);
        // The same two come again on the next connection, and there is room for both.
        window.Hold(Held("a", NeverCommits));
        var commit = new TaskCompletionSource<Admission>();
        window.Hold(Held("b", _ => commit.Task));
        commit.SetResult(new Admission(AdmissionKind.Accepted));

        await Eventually.HoldsAsync(() => _acked.Count == 1, "b is stored");
        Assert.Equal(["b"], _acked);
        Assert.Empty(_published);
        Assert.Equal(0, _notice.Refused);
    }

    private static async Task<Admission> NeverCommits(CancellationToken withdrawn)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, withdrawn);
        return default;
    }

    private static HeldDelivery Skipped(string id, long frameBytes)
    {
        var delivery = new Delivery
        {
            Id = new DeliveryId(id),
            TooLarge = true,
            FrameBytes = frameBytes,
            ReceivedAt = Deliveries.Now,
            Token = new object(),
        };
        return Held(delivery, NeverCommits, id);
    }

    private HoldingWindow Window(int count) => new(_source.Object, _notice, new HoldingLimits(count) { StillAfter = TimeSpan.Zero }, _time, NullLogger<HoldingWindow>.Instance);

    private static HeldDelivery Held(string id, Func<CancellationToken, Task<Admission>> store, byte[]? body = null) =>
        Held(Deliveries.Of(body ?? [], id), store, id);

    private static HeldDelivery Held(Delivery delivery, Func<CancellationToken, Task<Admission>> store, string id)
    {
        var way = new HeldWay(store, new Refusal { RequestId = new RequestId(id), Reason = "full" });
        return new HeldDelivery(delivery, way, _ => way);
    }
}
