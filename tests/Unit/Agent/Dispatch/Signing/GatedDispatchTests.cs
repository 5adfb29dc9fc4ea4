using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.Capabilities;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Dispatch.Signing;

/// <summary>What the dispatcher does with those who may not ask, and with signed requests that the agent itself answers.</summary>
public sealed class GatedDispatchTests
{
    private const string Shutdown = """{"msg_type":"shutdown","request_id":"r-1"}""";

    private readonly Mock<IDeliverySource> _source = new();
    private readonly Mock<IIntake> _intake = new();
    private readonly List<Refusal> _refused = [];
    private Admission _use = new(AdmissionKind.Accepted);
    private readonly FakeTime _time = new();
    private readonly Mock<IMessageBus> _bus = new();
    private readonly OperationalState _state = new();
    private SenderRule _rule = new(null, true);
    private bool _canCommit = true;
    private HoldingLimits _limits = new();
    private TaskCompletionSource _known = new();
    private int _handled;

    public GatedDispatchTests()
    {
        _known.SetResult();
        _intake.Setup(i => i.RefuseAsync(It.IsAny<Refusal>(), It.IsAny<CancellationToken>()))
            .Callback((Refusal r, CancellationToken _) => _refused.Add(r)).ReturnsAsync(new Admission(AdmissionKind.Rejected));
        _intake.Setup(i => i.UseAsync(It.IsAny<OpsMessage>(), It.IsAny<CancellationToken>())).ReturnsAsync(() => _use);
    }

    [Fact]
    public async Task Who_may_not_ask_is_refused_before_the_handler_sees_it_and_has_no_say_in_anything()
    {
        await DispatchAsync(new SenderRule(["user:ops"], false), SignedFrame.Of(Shutdown, user: "eve"));

        var refusal = Assert.Single(_refused);
        Assert.Equal("this sender may not ask for shutdown", refusal.Reason);
        Assert.Equal((null, false, "r-1"), (refusal.Message, refusal.HasCallersRequestId, refusal.RequestId.Value));
        Assert.Equal(0, _handled);
        _source.Verify(s => s.Ack(It.IsAny<Delivery>()), Times.Once);
    }

    [Theory]
    [InlineData("web", true)]
    [InlineData("other", false)]
    public async Task A_type_that_nobody_handles_yet_uses_a_right_signature_up_and_no_other(string key, bool isUsedUp)
    {
        const string Unknown = """{"msg_type":"comes_later","request_id":"r-1"}""";
        var signature = SignedFrame.Sign(SignedFrame.Key(key), Unknown, _time.GetUtcNow());
        await DispatchAsync(SenderRule.Closed, SignedFrame.Of(Unknown, signature, _time.GetUtcNow()));

        var refusal = Assert.Single(_refused);
        Assert.Equal(("unknown msg_type", null), (refusal.Reason, refusal.Message));
        Assert.Equal(isUsedUp, refusal.Signed?.Signature is not null);
    }

    [Fact]
    public async Task A_signed_control_request_is_handled_once_its_signature_is_used_up()
    {
        await DispatchAsync(new SenderRule(null, true), SignedFrame.Of(Shutdown, SignedFrame.Sign(SignedFrame.Key("web"), Shutdown)));

        Assert.Equal(1, _handled);
        Assert.Empty(_refused);
        _source.Verify(s => s.Ack(It.IsAny<Delivery>()), Times.Once);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task A_known_one_is_acked_and_a_replay_refused_and_neither_is_handled(bool replay, int refusals)
    {
        _use = new Admission(replay ? AdmissionKind.Replayed : AdmissionKind.KnownDelivery, Reason: "replay");
        await DispatchAsync(new SenderRule(null, true), SignedFrame.Of(Shutdown, SignedFrame.Sign(SignedFrame.Key("web"), Shutdown)));

        Assert.Equal((0, refusals), (_handled, _refused.Count));
        _source.Verify(s => s.Ack(It.IsAny<Delivery>()), Times.Once);
    }

    [Fact]
    public async Task What_is_signed_waits_un_acked_until_the_keys_are_known_and_what_is_not_is_judged()
    {
        _known = new TaskCompletionSource();
        var (dispatcher, window, refusals) = Dispatcher(() => _rule);
        using var line = refusals;
        dispatcher.Dispatch(Signed());
        dispatcher.Dispatch(SignedFrame.Of(Shutdown));
        await Eventually.HoldsAsync(() => _refused.Count == 1 && window.Count == 1, "the unsigned one is refused");
        Assert.Equal(0, _handled);

        _known.SetResult();
        await Eventually.HoldsAsync(() => window.Count == 0, "the delivery has gone its way");
        Assert.Equal((1, "shutdown needs a signature"), (_handled, Assert.Single(_refused).Reason));
    }

    [Fact]
    public async Task While_the_agent_is_stopping_a_signed_control_request_is_acked_and_dropped()
    {
        _state.Draining();
        await DispatchAsync(_rule, Signed(), holding: true);

        Assert.Equal((0, 0), (_handled, _refused.Count));
        _source.Verify(s => s.Ack(It.IsAny<Delivery>()), Times.Once);
    }

    [Fact]
    public async Task Without_a_ledger_a_control_request_that_was_signed_just_now_is_handled_and_its_nonce_remembered()
    {
        _canCommit = false;
        _intake.Setup(i => i.UseAsync(It.IsAny<OpsMessage>(), It.IsAny<CancellationToken>())).ThrowsAsync(new InvalidOperationException("not open"));
        var signature = SignedFrame.Sign(SignedFrame.Key("web"), Shutdown, _time.GetUtcNow());
        var first = SignedFrame.Of(Shutdown, signature, _time.GetUtcNow(), id: "d-1");

        await DispatchAsync(
            _rule, true, first, SignedFrame.Of(Shutdown, signature, _time.GetUtcNow(), id: "d-2"), SignedFrame.Of(Shutdown, signature, _time.GetUtcNow(), id: "d-1"));

        Assert.Equal(1, _handled);
        Assert.Equal(NonceTable.Replay, Assert.Single(_refused).Reason);
        _source.Verify(s => s.Ack(It.IsAny<Delivery>()), Times.Exactly(3));
    }

    [Fact]
    public async Task Without_a_ledger_an_old_one_waits_for_it()
    {
        _canCommit = false;
        var use = new TaskCompletionSource<Admission>();
        _intake.Setup(i => i.UseAsync(It.IsAny<OpsMessage>(), It.IsAny<CancellationToken>())).Returns(use.Task);
        var old = _time.GetUtcNow() - TimeSpan.FromHours(1);
        var dispatching = DispatchAsync(
            _rule, SignedFrame.Of(Shutdown, SignedFrame.Sign(SignedFrame.Key("web"), Shutdown, old), old));
        await Eventually.HoldsAsync(() => _intake.Invocations.Count > 0, "it is offered");
        Assert.Equal(0, _handled);

        use.SetResult(new Admission(AdmissionKind.Accepted));
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return dispatching.IsCompleted;
            },
            "it is done");
        Assert.Equal(1, _handled);
    }

    [Fact]
    public async Task A_control_request_that_waited_as_a_refusal_has_no_effect_when_a_reload_lets_such_ones_in()
    {
        var (dispatcher, window, refusals) = Dispatcher(() => _rule);
        using var line = refusals;
        window.StartHolding();
        dispatcher.Dispatch(SignedFrame.Of(Shutdown));

        _rule = SenderRule.Open;
        window.StopHolding();
        await Eventually.HoldsAsync(() => window.Count == 0, "the delivery has gone its way");

        Assert.Equal(0, _handled);
        Assert.Single(_refused);
    }

    [Fact]
    public async Task Who_may_not_ask_is_told_so_under_an_id_of_the_agents_own_where_the_ledger_can_not_be_asked_whose_the_id_is()
    {
        var told = new ConcurrentQueue<string>();
        _bus.Setup(b => b.SendAsync(It.IsAny<OutgoingMessage>(), It.IsAny<CancellationToken>()))
            .Callback((OutgoingMessage m, CancellationToken _) => told.Enqueue(Encoding.UTF8.GetString(m.Body.Span))).Returns(ValueTask.CompletedTask);
        _limits = new HoldingLimits(Count: 1);
        var (dispatcher, window, refusals) = Dispatcher(() => new SenderRule(["user:ops"], false));
        using var line = refusals;
        window.StartHolding();

        dispatcher.Dispatch(SignedFrame.Of(Shutdown, user: "eve", id: "d-1"));
        dispatcher.Dispatch(SignedFrame.Of(Shutdown, user: "eve", id: "d-2"));

        await Eventually.HoldsAsync(() => !told.IsEmpty, "the oldest is told that it is refused");
        Assert.All(told, static t => Assert.DoesNotContain("r-1", t, StringComparison.Ordinal));
        Assert.All(told, static t => Assert.Contains("this sender may not ask for shutdown", t, StringComparison.Ordinal));
    }

    private Delivery Signed() => SignedFrame.Of(Shutdown, SignedFrame.Sign(SignedFrame.Key("web"), Shutdown, _time.GetUtcNow()), _time.GetUtcNow());

    private Task DispatchAsync(SenderRule rule, Delivery delivery, bool holding = false) => DispatchAsync(rule, holding, delivery);

    private async Task DispatchAsync(SenderRule rule, bool holding, params Delivery[] deliveries)
    {
        var (dispatcher, window, refusals) = Dispatcher(() => rule);
        using var line = refusals;
        if (holding)
        {
            window.StartHolding();
        }

        Array.ForEach(deliveries, dispatcher.Dispatch);
        if (_canCommit && !_state.IsDraining)
        {
            window.StopHolding();
        }

        await Eventually.HoldsAsync(() => window.Count == 0, "the delivery has gone its way");
    }

    private (Dispatcher Dispatcher, HoldingWindow Window, RefusalLine Refusals) Dispatcher(Func<SenderRule> rule)
    {
        var bus = _bus.Object;
        var notice = new OverfullNotice(
            bus, new EventComposer(Options.Create(new EventsOptions()), NullLogger<EventComposer>.Instance), _time, NullLogger<OverfullNotice>.Instance);
        var window = new HoldingWindow(_source.Object, notice, _limits, _time, NullLogger<HoldingWindow>.Instance);
        var refusals = new RefusalLine(_intake.Object);
        var dispatcher = new Dispatcher(
            new Envelope("prodops"), new HandlerRegistry([new Control(this)]), SenderGates.Of(rule, _known.Task, SignedFrame.Key("web")), _intake.Object,
            SenderGates.Control(_intake.Object, _time, _state, _canCommit), refusals, window, _source.Object,
            new ReplySender(bus, _time, NullLogger<ReplySender>.Instance), NullLogger<Dispatcher>.Instance);
        return (dispatcher, window, refusals);
    }

    private sealed class Control(GatedDispatchTests test) : IControlHandler
    {
        public MsgType MsgType => new("shutdown");

        public Verdict Handle(OpsMessage message)
        {
            test._handled++;
            return new Verdict.Answered([]);
        }
    }
}
