using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

public sealed class WorkViewTests : IDisposable
{
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task Lists_show_the_newest_first_by_state_and_type_with_refusals_among_them()
    {
        await using var room = await Room.StartAsync(_state, work: o => o.Lanes["fetch"] = 1);
        room.Runner.OnRun = (c, token) => c.RequestId.Value == "settled" ? Task.FromResult(FakeRunner.Ok) : FakeRunner.Forever(c, token);
        await AcceptAsync("settled");
        await room.SettledAsync(new RequestId("settled"));
        await AcceptAsync("running");
        await Eventually.HoldsAsync(() => room.Row(new RequestId("running")).State == "running", "it runs");
        await room.Intake.RefuseAsync(
            new Refusal { RequestId = new RequestId("refused"), RequestType = "submit", Reason = "task_name: missing", RequestedBy = "x" },
            CancellationToken.None);
        room.Time.Advance(TimeSpan.FromSeconds(1));
        await AcceptAsync("queued");

        Assert.Equal(["queued", "refused", "running", "settled"], await IdsAsync(null, null, 10));
        Assert.Equal(["queued", "refused"], await IdsAsync(null, null, 2));
        Assert.Equal(["queued"], await IdsAsync("queued", null, 10));
        Assert.Equal(["refused", "settled"], await IdsAsync("settled", null, 10));
        Assert.Equal(["refused"], await IdsAsync(null, "submit", 10));
        Assert.Empty(await IdsAsync("doubt", null, 10));
        await Assert.ThrowsAsync<ArgumentException>(() => IdsAsync("done", null, 10));

        async Task AcceptAsync(string id)
        {
            await room.AcceptAsync(id, id);
            room.Time.Advance(TimeSpan.FromSeconds(1));
        }

        async Task<IEnumerable<string>> IdsAsync(string? state, string? type, int limit) =>
            (await room.View.ListAsync(state, type, null, limit, CancellationToken.None)).Select(r => r.RequestId.Value);
    }

    [Fact]
    public async Task Who_sent_it_is_kept_where_it_is_proven_also_without_a_limit_by_sender()
    {
        await using var room = await Room.StartAsync(_state);
        var now = room.Time.GetUtcNow();
        await room.AcceptAsync(room.Message("a", "by-key") with { Signature = new MessageSignature("web", "n", now), BrokerUser = "ops" });
        await room.AcceptAsync(room.Message("b", "by-login") with { BrokerUser = "ops" });
        await room.AcceptAsync(room.Message("c", "by-label") with { RequestedBy = "wenaus" });

        Assert.Equal("key web", await SenderAsync("by-key"));
        Assert.Equal("login ops", await SenderAsync("by-login"));
        Assert.Null(await SenderAsync("by-label"));
        var listed = await room.View.ListAsync(null, null, "login ops", 10, CancellationToken.None);
        Assert.Equal("by-login", Assert.Single(listed).RequestId.Value);

        async Task<string?> SenderAsync(string id) => (await room.View.FindAsync(new RequestId(id), CancellationToken.None))!.Sender;
    }

    [Fact]
    public async Task A_row_shows_what_the_ledger_has()
    {
        await using var room = await Room.StartAsync(_state);
        room.Runner.OnRun = FakeRunner.Forever;
        var sent = room.Time.GetUtcNow() - TimeSpan.FromSeconds(3);
        await room.AcceptAsync(room.Message("k", "r", "d", sentAt: sent));
        await Eventually.HoldsAsync(() => room.Row(new RequestId("r")).State == "running", "it runs");

        var row = (await room.View.FindAsync(new RequestId("r"), CancellationToken.None))!;
        Assert.Equal(("fetch", "k", "d", """{"key":"k"}"""), (row.Lane, row.DedupKey, row.DeliveryId, row.Body));
        Assert.Equal((sent, room.Time.GetUtcNow(), room.Time.GetUtcNow()), (row.SentAt, row.ReceivedAt, row.StartedAt));
        Assert.Null(row.Outcome);
        Assert.Null(await room.View.FindAsync(new RequestId("nobody"), CancellationToken.None));
    }
}
