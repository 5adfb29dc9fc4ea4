using System.Text;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

public sealed class ThreeIdentitiesTests : IDisposable
{
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task A_known_delivery_is_acked_and_publishes_nothing_even_after_its_end()
    {
        await using var room = await Room.StartAsync(_state);
        var message = room.Message("a", delivery: "d-1");
        Assert.Equal(AdmissionKind.Accepted, (await room.AcceptAsync(message)).Kind);
        await room.PublishedAsync(1);
        var sent = room.Bus.Sent;

        Assert.Equal(AdmissionKind.KnownDelivery, (await room.AcceptAsync("a", delivery: "d-1")).Kind);
        Assert.Equal(AdmissionKind.KnownDelivery, (await room.AcceptAsync("b", "other", "d-1")).Kind);
        Assert.Equal(0, room.Outbox.Depth);
        Assert.Equal(sent, room.Bus.Sent);
        Assert.Single(room.Runner.Started);
    }

    [Fact]
    public async Task The_same_request_and_body_under_a_new_delivery_is_skipped_as_a_duplicate_of_itself()
    {
        await using var room = await Room.StartAsync(_state);
        await room.AcceptAsync("a", "caller-1", "d-1");
        await room.SettledAsync(new RequestId("caller-1"));

        var again = await room.AcceptAsync("a", "caller-1", "d-2");

        Assert.Equal(AdmissionKind.Skipped, again.Kind);
        Assert.Equal(new RequestId("caller-1"), again.DuplicateOf);
        await room.PublishedAsync(2);
        var settlement = room.Bus.Settlements[1];
        Assert.Equal("skipped", settlement.GetProperty("outcome").GetString());
        Assert.Equal("caller-1", settlement.GetProperty("duplicate_of").GetString());
        Assert.Single(room.Runner.Started);
    }

    [Fact]
    public async Task The_same_request_id_with_another_body_is_rejected_with_the_handlers_event()
    {
        await using var room = await Room.StartAsync(_state);
        await room.AcceptAsync("a", "caller-1", "d-1");

        var other = await room.AcceptAsync("b", "caller-1", "d-2");

        Assert.Equal(AdmissionKind.Rejected, other.Kind);
        Assert.Contains("another body", other.Reason, StringComparison.Ordinal);
        await room.PublishedAsync(2);
        Assert.Contains(room.Handler.Concluded, c => c.Result.Outcome == Outcome.Rejected && !c.Result.Ran);
        Assert.Equal(2, room.Bus.Bodies.Count(b => b.GetProperty("msg_type").GetString() == "fetch_done"));
    }

    [Fact]
    public async Task One_byte_of_white_space_makes_another_body()
    {
        await using var room = await Room.StartAsync(_state);
        var message = room.Message("a", "caller-1", "d-1");
        await room.AcceptAsync(message);

        var other = await room.Intake.AcceptAsync(
            message with { DeliveryId = new DeliveryId("d-2") }, Encoding.UTF8.GetBytes("{\"key\": \"a\"}"),
            room.Handler.WorkOf(message), CancellationToken.None);

        Assert.Equal(AdmissionKind.Rejected, other.Kind);
    }

    [Fact]
    public async Task The_same_work_is_skipped_as_a_duplicate_of_the_live_one_and_free_again_after_its_end()
    {
        var end = new TaskCompletionSource<RunResult>();
        await using var room = await Room.StartAsync(_state);
        room.Runner.OnRun = (_, _) => end.Task;
        var first = room.Message("k", delivery: "d-1");
        await room.AcceptAsync(first);
        await Eventually.HoldsAsync(() => room.Row(first.RequestId).State == "starting", "it starts");

        var twin = await room.AcceptAsync("k", delivery: "d-2");
        Assert.Equal((AdmissionKind.Skipped, first.RequestId), (twin.Kind, twin.DuplicateOf!.Value));
        Assert.Equal(AdmissionKind.KnownDelivery, (await room.AcceptAsync("k", delivery: "d-2")).Kind);

        end.SetResult(FakeRunner.Ok);
        await room.SettledAsync(first.RequestId);
        Assert.Equal(AdmissionKind.Accepted, (await room.AcceptAsync("k", delivery: "d-3")).Kind);
    }

    [Fact]
    public async Task A_request_that_was_skipped_stays_skipped_when_it_comes_again_after_the_first_ones_end()
    {
        var end = new TaskCompletionSource<RunResult>();
        await using var room = await Room.StartAsync(_state);
        room.Runner.OnRun = (_, _) => end.Task;
        var first = room.Message("k");
        await room.AcceptAsync(first);
        Assert.Equal(AdmissionKind.Skipped, (await room.AcceptAsync("k", "caller-2")).Kind);
        end.SetResult(FakeRunner.Ok);
        await room.SettledAsync(first.RequestId);

        var again = await room.AcceptAsync("k", "caller-2");

        Assert.Equal((AdmissionKind.Skipped, first.RequestId), (again.Kind, again.DuplicateOf!.Value));
        Assert.Single(room.Runner.Started);
        Assert.Equal(AdmissionKind.Rejected, (await room.AcceptAsync("z", "caller-2")).Kind);
    }

    [Fact]
    public async Task A_full_queue_rejects_but_a_duplicate_is_still_a_duplicate()
    {
        await using var room = await Room.StartAsync(_state, handler: new FakeHandler("fetch"));
        room.Handler.Template = room.Handler.Template with { MaxPending = 2, MaxParallel = 1 };
        room.Runner.OnRun = FakeRunner.Forever;
        await room.AcceptAsync("running");
        await Eventually.HoldsAsync(() => room.Runner.Running == 1 && room.View.Counts.Queued == 0, "one runs");
        await room.AcceptAsync("a");
        await room.AcceptAsync("b", "caller-b");

        var full = await room.AcceptAsync("c", "caller-c", "d-c");
        Assert.Equal(AdmissionKind.Rejected, full.Kind);
        Assert.StartsWith("queue full", full.Reason, StringComparison.Ordinal);
        Assert.Equal(AdmissionKind.Skipped, (await room.AcceptAsync("a")).Kind);
        Assert.Equal(AdmissionKind.Skipped, (await room.AcceptAsync("b", "caller-b")).Kind);
        Assert.Equal(AdmissionKind.KnownDelivery, (await room.AcceptAsync("c", "caller-c", "d-c")).Kind);
        Assert.Equal("rejected", room.Row(new RequestId("caller-c")).Outcome!.Value.ToWire());

        // What was only refused was never a request: its id may be used when there is room.
        await room.View.CancelAsync(new RequestId("caller-b"), force: false, "me", CancellationToken.None);
        Assert.Equal(AdmissionKind.Accepted, (await room.AcceptAsync("c", "caller-c", "d-c2")).Kind);
    }

    [Fact]
    public async Task What_is_refused_unread_is_never_settled_under_the_id_of_a_request_that_was_accepted()
    {
        await using var room = await Room.StartAsync(_state, before: r => r.Runner.OnRun = FakeRunner.Forever);
        await room.AcceptAsync("a", "victim", "d-1");

        Assert.Equal(AdmissionKind.Rejected, (await room.Intake.RefuseAsync(Unread("victim", "d-2"), CancellationToken.None)).Kind);
        await room.Intake.RefuseAsync(Unread("other", "d-3"), CancellationToken.None);

        await room.PublishedAsync(2);
        Assert.All(room.Bus.Settlements, static s => Assert.Equal("unknown msg_type", s.GetProperty("reason").GetString()));
        var ids = room.Bus.Settlements.Select(static s => s.GetProperty("request_id").GetString()).ToArray();
        Assert.DoesNotContain("victim", ids);
        Assert.Contains("other", ids);
        Assert.Equal(AdmissionKind.KnownDelivery, (await room.Intake.RefuseAsync(Unread("victim", "d-2"), CancellationToken.None)).Kind);

        static Refusal Unread(string id, string delivery) => new()
        {
            DeliveryId = new DeliveryId(delivery),
            RequestId = new RequestId(id),
            HasCallersRequestId = true,
            RequestType = "nobody",
            Reason = "unknown msg_type",
        };
    }

    [Fact]
    public async Task A_refused_delivery_is_known_when_it_comes_again_and_is_concluded_once()
    {
        await using var room = await Room.StartAsync(_state);
        var refusal = new Refusal
        {
            DeliveryId = new DeliveryId("d-1"),
            RequestId = new RequestId("caller-1"),
            HasCallersRequestId = true,
            RequestType = "fetch",
            Reason = "pandaid: is no id",
            Message = room.Message("a", "caller-1", "d-1"),
        };

        Assert.Equal(AdmissionKind.Rejected, (await room.Intake.RefuseAsync(refusal, CancellationToken.None)).Kind);
        Assert.Equal(AdmissionKind.KnownDelivery, (await room.Intake.RefuseAsync(refusal, CancellationToken.None)).Kind);
        Assert.Equal(AdmissionKind.KnownDelivery, (await room.AcceptAsync("a", "caller-1", "d-1")).Kind);

        await room.PublishedAsync(1);
        Assert.Single(room.Handler.Concluded);
        Assert.Equal("pandaid: is no id", room.Bus.Settlements[0].GetProperty("reason").GetString());
        Assert.Equal(2, room.Bus.Sent);
    }
}
