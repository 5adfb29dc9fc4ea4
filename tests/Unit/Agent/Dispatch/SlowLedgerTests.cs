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

/// <summary>More than the window holds, before a ledger that is slow, and before one that stands still.</summary>
public sealed class SlowLedgerTests
{
    private readonly List<string> _acked = [];
    private readonly FakeTime _time = new();
    private readonly OverfullNotice _notice;
    private readonly HoldingWindow _window;

    public SlowLedgerTests()
    {
        var source = new Mock<IDeliverySource>();
        source.Setup(s => s.Ack(It.IsAny<Delivery>())).Callback((Delivery d) =>
        {
            lock (_acked)
            {
                _acked.Add(d.Id!.Value.Value);
            }
        });
        var composer = new EventComposer(Options.Create(new EventsOptions()), NullLogger<EventComposer>.Instance);
        _notice = new OverfullNotice(new Mock<IMessageBus>().Object, composer, _time, NullLogger<OverfullNotice>.Instance);
        _window = new HoldingWindow(source.Object, _notice, new HoldingLimits(8), _time, NullLogger<HoldingWindow>.Instance);
    }

    private int Acked
    {
        get
        {
            lock (_acked)
            {
                return _acked.Count;
            }
        }
    }

    [Fact]
    public async Task While_something_is_stored_again_and_again_nothing_is_refused()
    {
        var commits = new List<TaskCompletionSource<Admission>>();
        for (var i = 0; i < 10; i++)
        {
            var commit = new TaskCompletionSource<Admission>();
            commits.Add(commit);
            Hold($"d{i}", _ => commit.Task);
        }

        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(4));
            commits[i].SetResult(new Admission(AdmissionKind.Accepted));
            await Eventually.HoldsAsync(() => Acked == i + 1, $"{i} is stored");
        }

        Assert.Equal(0, _notice.Refused);
        _time.Advance(TimeSpan.FromHours(1));
        await Eventually.HoldsAsync(() => _time.ArmedTimers == 0, "nobody looks any more");
    }

    [Fact]
    public async Task Once_nothing_was_stored_for_a_while_the_oldest_give_way_though_nothing_comes_any_more()
    {
        for (var i = 0; i < 10; i++)
        {
            Hold($"d{i}", NeverCommits);
        }

        await Eventually.HoldsAsync(() => _time.ArmedTimers == 1, "it looks later");
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal((0, 10), (Acked, _window.Count));

        _time.Advance(TimeSpan.FromSeconds(0.1));
        await Eventually.HoldsAsync(() => Acked == 2, "two give way");
        Assert.Equal((2, 8), (_notice.Refused, _window.Count));
        Assert.Equal(["d0", "d1"], _acked.Order());

        Hold("d10", NeverCommits);
        await Eventually.HoldsAsync(() => Acked == 3, "from now on at once");
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact]
    public async Task A_quarter_more_is_held_and_no_more_than_that()
    {
        for (var i = 0; i < 12; i++)
        {
            Hold($"d{i}", NeverCommits);
        }

        await Eventually.HoldsAsync(() => Acked == 2, "two give way at once");
        Assert.Equal(10, _window.Count);
    }

    [Fact]
    public async Task What_is_done_with_and_comes_again_is_acked_without_a_word_though_the_ledger_stands_still()
    {
        Hold("stored", _ => Task.FromResult(new Admission(AdmissionKind.Accepted)));
        await Eventually.HoldsAsync(() => Acked == 1, "it is stored");
        for (var i = 0; i < 11; i++)
        {
            Hold($"d{i}", NeverCommits);
        }

        await Eventually.HoldsAsync(() => Acked == 2, "one is refused");
        _window.ConnectionLost();
        Hold("stored", NeverCommits);
        Hold("d0", NeverCommits);
        Assert.Equal(["stored", "d0", "stored", "d0"], _acked);
        Assert.Equal((1, 0), (_notice.Refused, _window.Count));

        Hold("d1", NeverCommits);
        Assert.Equal(1, _window.Count);
    }

    [Fact]
    public void No_more_than_a_broker_can_have_on_the_way_is_remembered()
    {
        var recent = new RecentDeliveries();
        for (var i = 0; i <= RecentDeliveries.Most; i++)
        {
            recent.Add(new DeliveryId($"d{i}"));
            recent.Add(new DeliveryId($"d{i}"));
        }

        Assert.False(recent.Has(new DeliveryId("d0")));
        Assert.True(recent.Has(new DeliveryId("d1")));
        Assert.False(recent.Has(null));
    }

    private static async Task<Admission> NeverCommits(CancellationToken withdrawn)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, withdrawn);
        return default;
    }

    private void Hold(string id, Func<CancellationToken, Task<Admission>> store)
    {
        var way = new HeldWay(store, new Refusal { RequestId = new RequestId(id), Reason = "full" });
        _window.Hold(new HeldDelivery(Deliveries.Of([], id), way, _ => way));
    }
}
