using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Dispatch.Signing;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Dispatch.Signing;

/// <summary>The nonces of what the agent itself answers, while its ledger comes and goes.</summary>
public sealed class SignedControlTests
{
    private readonly Mock<IIntake> _intake = new();
    private readonly Mock<ILedgerState> _ledger = new();
    private readonly FakeTime _time = new();
    private bool _canCommit = true;

    public SignedControlTests()
    {
        _ledger.Setup(l => l.CanCommit).Returns(() => _canCommit);
        _intake.Setup(i => i.UseAsync(It.IsAny<OpsMessage>(), It.IsAny<CancellationToken>()))
            .Returns(() => _canCommit ? Task.FromResult(new Admission(AdmissionKind.Accepted)) : new TaskCompletionSource<Admission>().Task);
    }

    [Fact]
    public async Task What_the_ledger_took_is_a_replay_also_once_it_can_not_commit()
    {
        var control = Control();
        Assert.Equal(AdmissionKind.Accepted, (await control.UseAsync(Message("d-1"), default)).Kind);
        _canCommit = false;

        Assert.Equal(AdmissionKind.KnownDelivery, (await control.UseAsync(Message("d-1"), default)).Kind);
        Assert.Equal(new Admission(AdmissionKind.Replayed, Reason: NonceTable.Replay), await control.UseAsync(Message("d-2"), default));
        Assert.Equal(AdmissionKind.Accepted, (await control.UseAsync(Message("d-3", nonce: "n-2"), default)).Kind);
    }

    [Fact]
    public async Task Two_messages_that_nothing_tells_apart_are_not_one_delivery()
    {
        _canCommit = false;
        var control = Control();

        Assert.Equal(AdmissionKind.Accepted, (await control.UseAsync(Message(null), default)).Kind);
        Assert.Equal(AdmissionKind.Replayed, (await control.UseAsync(Message(null), default)).Kind);
    }

    private SignedControl Control() => new(
        _intake.Object, _ledger.Object, new OperationalState(), new SenderGateOptions(SignedFrame.Queue, TimeSpan.FromMinutes(5)), _time,
        NullLogger<SignedControl>.Instance);

    private OpsMessage Message(string? delivery, string nonce = "n-1") => new()
    {
        MsgType = new MsgType("shutdown"),
        RequestId = new RequestId("r-1"),
        Body = JsonElement.Parse("{}"),
        DeliveryId = delivery is null ? null : new DeliveryId(delivery),
        ReceivedAt = _time.GetUtcNow(),
        Signature = new MessageSignature("web", nonce, _time.GetUtcNow()),
    };
}
