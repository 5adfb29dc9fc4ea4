using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Dispatch;
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
    private readonly OverfullNotice _notice;

    public HoldingWindowTests()
    {
        _source.Setup(s => s.Ack(It.IsAny<Delivery>())).Callback((Delivery d) => _acked.Add(d.Id!.Value.Value));
        _bus.Setup(b => b.SendAsync(It.IsAny<OutgoingMessage>(), It.IsAny<CancellationToken>()))
            .Callback((OutgoingMessage m, CancellationToken _) => _published.Add(m));
        _notice = new OverfullNotice(_bus.Object, "/topic/settled", new FakeTime(), NullLogger<OverfullNotice>.Instance);
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
        var window = new HoldingWindow(_source.Object, _notice, new HoldingLimits(1000, 100), NullLogger<HoldingWindow>.Instance);
        window.Hold(Held("a", NeverCommits, new byte[60]));
        window.Hold(Held("b", NeverCommits, new byte[60]));

        await Eventually.HoldsAsync(() => _acked.Count == 1, "the oldest makes room");
        Assert.Equal(["a"], _acked);
    }

    [Fact]
    public void While_draining_nothing_is_offered_to_the_ledger_and_nothing_acked()
    {
        var window = Window(10);
        window.StartDraining();
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
    public void A_ledger_that_fails_leaves_the_delivery_with_the_broker()
    {
        var window = Window(10);
        window.Hold(Held("a", _ => Task.FromException<Admission>(new InvalidOperationException("closed"))));
        Assert.Empty(_acked);
        Assert.Empty(_published);
    }

    private static async Task<Admission> NeverCommits(CancellationToken withdrawn)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, withdrawn);
        return default;
    }

    private HoldingWindow Window(int count) => new(_source.Object, _notice, new HoldingLimits(count), NullLogger<HoldingWindow>.Instance);

    private static HeldDelivery Held(string id, Func<CancellationToken, Task<Admission>> store, byte[]? body = null) =>
        new(Deliveries.Of(body ?? [], id), store, new Refusal { RequestId = new RequestId(id), Reason = "full" });
}
