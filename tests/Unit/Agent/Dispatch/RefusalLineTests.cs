using System.Text.Json;
using Moq;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Dispatch;

public sealed class RefusalLineTests
{
    private readonly Mock<IIntake> _intake = new();

    [Fact]
    public async Task A_handler_that_hangs_on_its_disk_does_not_hold_up_the_caller()
    {
        using var disk = new ManualResetEventSlim();
        _intake.Setup(i => i.RefuseAsync(It.IsAny<Refusal>(), It.IsAny<CancellationToken>())).Returns(() =>
        {
            disk.Wait();
            return Task.FromResult(new Admission(AdmissionKind.Rejected));
        });
        using var line = new RefusalLine(_intake.Object);

        var first = line.RefuseAsync(Refusal("a"), CancellationToken.None);
        var second = line.RefuseAsync(Refusal("b"), CancellationToken.None);

        Assert.False(first.IsCompleted);
        Assert.False(second.IsCompleted);
        disk.Set();
        Assert.Equal(AdmissionKind.Rejected, (await second).Kind);
    }

    [Fact]
    public async Task One_that_is_withdrawn_while_it_waits_is_not_refused_later()
    {
        var commit = new TaskCompletionSource<Admission>();
        var refused = new List<string>();
        _intake.Setup(i => i.RefuseAsync(It.IsAny<Refusal>(), It.IsAny<CancellationToken>())).Returns((Refusal r, CancellationToken _) =>
        {
            refused.Add(r.RequestId.Value);
            return commit.Task;
        });
        using var line = new RefusalLine(_intake.Object);
        using var withdraw = new CancellationTokenSource();
        var first = line.RefuseAsync(Refusal("a"), CancellationToken.None);
        var second = line.RefuseAsync(Refusal("b"), withdraw.Token);
        await Eventually.HoldsAsync(() => refused.Count == 1, "the first is under way");

        await withdraw.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        commit.SetResult(new Admission(AdmissionKind.Rejected));
        await first;
        await line.RefuseAsync(Refusal("c"), CancellationToken.None);

        Assert.Equal(["a", "c"], refused);
    }

    [Fact]
    public async Task One_that_is_withdrawn_while_it_is_being_committed_is_told_what_the_ledger_says()
    {
        var commit = new TaskCompletionSource<Admission>();
        var begun = new TaskCompletionSource();
        _intake.Setup(i => i.RefuseAsync(It.IsAny<Refusal>(), It.IsAny<CancellationToken>())).Returns(() =>
        {
            begun.SetResult();
            return commit.Task;
        });
        using var line = new RefusalLine(_intake.Object);
        using var withdraw = new CancellationTokenSource();
        var refused = line.RefuseAsync(Refusal("a"), withdraw.Token);
        await begun.Task;

        await withdraw.CancelAsync();
        Assert.False(refused.IsCompleted);
        commit.SetResult(new Admission(AdmissionKind.Rejected));

        Assert.Equal(AdmissionKind.Rejected, (await refused).Kind);
    }

    [Fact]
    public async Task A_failure_belongs_to_its_own_refusal()
    {
        _intake.SetupSequence(i => i.RefuseAsync(It.IsAny<Refusal>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new IOException("no disk")).ReturnsAsync(new Admission(AdmissionKind.Rejected));
        using var line = new RefusalLine(_intake.Object);

        await Assert.ThrowsAsync<IOException>(() => line.RefuseAsync(Refusal("a"), CancellationToken.None));
        Assert.Equal(AdmissionKind.Rejected, (await line.RefuseAsync(Refusal("b"), CancellationToken.None)).Kind);
    }

    private static Refusal Refusal(string id) => new()
    {
        RequestId = new RequestId(id),
        Reason = "no",
        Message = new OpsMessage
        {
            MsgType = new MsgType("x"),
            RequestId = new RequestId(id),
            ReceivedAt = DateTimeOffset.UnixEpoch,
            Body = JsonDocument.Parse("{}").RootElement,
        },
    };
}
