using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Unit.Agent.Dispatch.Signing;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Dispatch;

public sealed class DispatcherTests
{
    private readonly Mock<IDeliverySource> _source = new();
    private readonly Mock<IMessageBus> _bus = new();
    private readonly Mock<IIntake> _intake = new();
    private readonly List<Refusal> _refused = [];
    private readonly List<OpsMessage> _accepted = [];

    public DispatcherTests()
    {
        _intake.Setup(i => i.RefuseAsync(It.IsAny<Refusal>(), It.IsAny<CancellationToken>()))
            .Callback((Refusal r, CancellationToken _) => _refused.Add(r)).ReturnsAsync(new Admission(AdmissionKind.Rejected));
        _intake.Setup(i => i.AcceptAsync(It.IsAny<OpsMessage>(), It.IsAny<ReadOnlyMemory<byte>>(), It.IsAny<WorkRequest>(), It.IsAny<CancellationToken>()))
            .Callback((OpsMessage m, ReadOnlyMemory<byte> _, WorkRequest _, CancellationToken _) => _accepted.Add(m))
            .ReturnsAsync(new Admission(AdmissionKind.Accepted));
    }

    [Fact]
    public async Task Valid_work_goes_to_the_ledger_and_is_acked()
    {
        await DispatchAsync("""{"msg_type":"work"}""");
        Assert.Equal("work", Assert.Single(_accepted).MsgType.Value);
        _source.Verify(s => s.Ack(It.IsAny<Delivery>()), Times.Once);
    }

    [Fact]
    public async Task A_control_request_is_answered_and_acked_without_the_ledger()
    {
        await DispatchAsync("""{"msg_type":"control"}""");
        _bus.Verify(b => b.SendAsync(It.Is<OutgoingMessage>(m => m.Destination == "/queue/r"), It.IsAny<CancellationToken>()), Times.Once);
        _source.Verify(s => s.AckFirst(It.IsAny<Delivery>()), Times.Once);
        _intake.VerifyNoOtherCalls();
    }

    [Fact]
    public async Task A_foreign_namespace_is_acked_without_a_word()
    {
        await DispatchAsync("""{"msg_type":"work","namespace":"else"}""");
        _source.Verify(s => s.Ack(It.IsAny<Delivery>()), Times.Once);
        _intake.VerifyNoOtherCalls();
        _bus.VerifyNoOtherCalls();
    }

    [Theory]
    [InlineData("""{"msg_type":"nobody"}""", "unknown msg_type", false)]
    [InlineData("""{"msg_type":"refuser"}""", "pandaid is missing", true)]
    [InlineData("""{"msg_type":"thrower"}""", "its handler failed: DivideByZeroException", true)]
    [InlineData("""not json""", "not JSON", false)]
    public async Task What_is_refused_goes_to_the_ledger_with_its_reason(string body, string reason, bool withMessage)
    {
        await DispatchAsync(body);
        var refusal = Assert.Single(_refused);
        Assert.Contains(reason, refusal.Reason, StringComparison.Ordinal);
        Assert.Equal(withMessage, refusal.Message is not null);
        _source.Verify(s => s.Ack(It.IsAny<Delivery>()), Times.Once);
        Assert.Empty(_accepted);
    }

    [Fact]
    public async Task A_broker_that_is_gone_does_not_stop_the_receive_path()
    {
        _bus.Setup(b => b.SendAsync(It.IsAny<OutgoingMessage>(), It.IsAny<CancellationToken>())).Throws(new BusUnavailableException("gone"));
        await DispatchAsync("""{"msg_type":"control"}""");
        _source.Verify(s => s.AckFirst(It.IsAny<Delivery>()), Times.Once);
    }

    [Fact]
    public void Two_handlers_of_one_type_are_refused_at_start()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new HandlerRegistry([new Fake("a", _ => new Verdict.Answered([])), new Fake("a", _ => new Verdict.Answered([]))]));
        Assert.Contains("'a'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"msg_type":"control"}""", true)]
    [InlineData("""{"msg_type":"refuser"}""", false)]
    [InlineData("""{"msg_type":"thrower"}""", false)]
    [InlineData("""{"msg_type":"nobody"}""", false)]
    public async Task The_agent_s_own_ping_is_judged_like_any_and_neither_acked_nor_answered_on_the_bus(string body, bool answered)
    {
        var came = false;
        await DispatchAsync(body, new OwnPing(() => came = true));
        Assert.Equal(answered, came);
        _source.VerifyNoOtherCalls();
        _bus.VerifyNoOtherCalls();
        _intake.VerifyNoOtherCalls();
    }

    private async Task DispatchAsync(string body, OwnPing? own = null)
    {
        var registry = new HandlerRegistry(
        [
            new Fake("work", _ => new Verdict.Work(new WorkRequest { Lane = new LaneName("l"), Plan = new DoerPlan { Program = "p", Timeout = TimeSpan.FromSeconds(1) } })),
            new Fake("control", _ => new Verdict.Answered([new Reply("/queue/r", "{}"u8.ToArray(), TimeSpan.FromSeconds(1))])),
            new Fake("refuser", _ => new Verdict.Refused("pandaid is missing")),
            new Fake("thrower", _ => throw new DivideByZeroException()),
        ]);
        var time = new FakeTime();
        var composer = new EventComposer(Options.Create(new EventsOptions()), NullLogger<EventComposer>.Instance);
        var notice = new OverfullNotice(_bus.Object, composer, time, NullLogger<OverfullNotice>.Instance);
        var window = new HoldingWindow(_source.Object, notice, new HoldingLimits(), time, NullLogger<HoldingWindow>.Instance);
        using var refusals = new RefusalLine(_intake.Object);
        var replies = new ReplySender(_bus.Object, time, NullLogger<ReplySender>.Instance);
        var dispatcher = new Dispatcher(new Envelope("prodops"), registry, SenderGates.Open, _intake.Object, SenderGates.Control(_intake.Object, time), refusals, window, _source.Object, replies, NullLogger<Dispatcher>.Instance);
        var delivery = Deliveries.Of(body);
        dispatcher.Dispatch(own is null ? delivery : new Delivery { Body = delivery.Body, ReceivedAt = delivery.ReceivedAt, Token = own });
        Assert.Equal(own is null ? 1 : 0, dispatcher.Dispatched);
        await Eventually.HoldsAsync(() => window.Count == 0, "the delivery has gone its way");
    }

    private sealed class Fake(string type, Func<OpsMessage, Verdict> handle) : IHandler
    {
        public MsgType MsgType => new(type);

        public Verdict Handle(OpsMessage message) => handle(message);
    }
}
