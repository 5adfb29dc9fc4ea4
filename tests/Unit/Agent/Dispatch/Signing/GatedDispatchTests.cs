using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Work;
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
    private int _handled;

    public GatedDispatchTests()
    {
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

    private async Task DispatchAsync(SenderRule rule, Delivery delivery)
    {
        var time = new FakeTime();
        var bus = new Mock<IMessageBus>().Object;
        var notice = new OverfullNotice(
            bus, new EventComposer(Options.Create(new EventsOptions()), NullLogger<EventComposer>.Instance), time, NullLogger<OverfullNotice>.Instance);
        var window = new HoldingWindow(_source.Object, notice, new HoldingLimits(), time, NullLogger<HoldingWindow>.Instance);
        using var refusals = new RefusalLine(_intake.Object);
        var dispatcher = new Dispatcher(
            new Envelope("prodops"), new HandlerRegistry([new Control(this)]), SenderGates.Of(rule, SignedFrame.Key("web")), _intake.Object, refusals, window,
            _source.Object, new ReplySender(bus, time, NullLogger<ReplySender>.Instance), NullLogger<Dispatcher>.Instance);
        dispatcher.Dispatch(delivery);
        await Eventually.HoldsAsync(() => window.Count == 0, "the delivery has gone its way");
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
