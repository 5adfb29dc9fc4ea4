using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

public sealed class NonceTests : IDisposable
{
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task The_same_nonce_under_another_delivery_is_a_replay_that_has_no_effect_but_a_settlement()
    {
        await using var room = await Room.StartAsync(_state);
        Assert.Equal(AdmissionKind.Accepted, (await room.AcceptAsync(Signed(room, "a", "r-1", "d-1"))).Kind);
        var concluded = room.Handler.Concluded.Count;

        var replay = await room.AcceptAsync(Signed(room, "b", "r-2", "d-2"));

        Assert.Equal((AdmissionKind.Rejected, NonceTable.Replay), (replay.Kind, replay.Reason));
        await room.SettledAsync(new RequestId("r-1"));
        Assert.DoesNotContain(room.Handler.Concluded.Skip(concluded), c => c.Result.Outcome == Outcome.Rejected);
        Assert.Single(room.Runner.Started);
        Assert.Equal(AdmissionKind.KnownDelivery, (await room.AcceptAsync(Signed(room, "b", "r-2", "d-2"))).Kind);
    }

    [Fact]
    public async Task Another_nonce_or_another_key_is_no_replay()
    {
        await using var room = await Room.StartAsync(_state);
        await room.AcceptAsync(Signed(room, "a", "r-1", "d-1"));

        Assert.Equal(AdmissionKind.Accepted, (await room.AcceptAsync(Signed(room, "b", "r-2", "d-2", nonce: "n-2"))).Kind);
        Assert.Equal(AdmissionKind.Accepted, (await room.AcceptAsync(Signed(room, "c", "r-3", "d-3", key: "cron"))).Kind);
    }

    [Fact]
    public async Task A_redelivery_after_a_crash_is_no_replay()
    {
        var message = default(OpsMessage);
        await using (var first = await Room.StartAsync(_state, before: r => r.Runner.OnRun = FakeRunner.Forever))
        {
            message = Signed(first, "a", "r-1", "d-1");
            await first.AcceptAsync(message);
            await first.AcceptAsync(Signed(first, "a", "r-1", "d-2", nonce: "n-2"));
        }

        await using var next = await Room.StartAsync(_state);

        Assert.Equal(AdmissionKind.KnownDelivery, (await next.AcceptAsync(message)).Kind);
        Assert.Equal(AdmissionKind.KnownDelivery, (await next.AcceptAsync(Signed(next, "a", "r-1", "d-2", nonce: "n-2"))).Kind);
        Assert.Equal(AdmissionKind.Rejected, (await next.AcceptAsync(Signed(next, "a", "r-1", "d-3"))).Kind);
        Assert.Equal(AdmissionKind.Rejected, (await next.AcceptAsync(Signed(next, "a", "r-1", "d-4", nonce: "n-2"))).Kind);
    }

    [Fact]
    public async Task What_was_refused_has_used_its_nonce_too()
    {
        await using var room = await Room.StartAsync(_state);
        var refused = Signed(room, "a", "r-1", "d-1");
        Assert.Equal(AdmissionKind.Rejected, (await room.Intake.RefuseAsync(Refusal(refused), default)).Kind);

        var replay = await room.AcceptAsync(Signed(room, "a", "r-1", "d-2"));

        Assert.Equal(NonceTable.Replay, replay.Reason);
        Assert.Equal(AdmissionKind.KnownDelivery, (await room.Intake.RefuseAsync(Refusal(refused), default)).Kind);
        var concluded = room.Handler.Concluded.Count;
        Assert.Equal(NonceTable.Replay, (await room.Intake.RefuseAsync(Refusal(Signed(room, "a", "r-1", "d-3")), default)).Reason);
        Assert.Equal(concluded, room.Handler.Concluded.Count);
        Assert.Empty(room.Runner.Started);
    }

    [Fact]
    public async Task Who_was_not_let_in_has_used_a_right_signature_up_too()
    {
        await using var room = await Room.StartAsync(_state);
        var refused = global::OpsAgent.Agent.Work.Refusal.OfSender(Signed(room, "a", "r-1", "d-1"), "this sender may not ask for it");
        Assert.Equal(AdmissionKind.Rejected, (await room.Intake.RefuseAsync(refused, default)).Kind);

        // Its key is listed since, or the window fits now.
        Assert.Equal(NonceTable.Replay, (await room.AcceptAsync(Signed(room, "a", "r-1", "d-2"))).Reason);
        Assert.Equal(AdmissionKind.KnownDelivery, (await room.Intake.RefuseAsync(refused, default)).Kind);
        Assert.Equal(AdmissionKind.Rejected, (await room.Intake.RefuseAsync(refused with { DeliveryId = new DeliveryId("d-3") }, default)).Kind);
        Assert.Empty(room.Runner.Started);
    }

    [Fact]
    public async Task What_was_signed_before_the_ledger_was_made_may_have_been_used_before()
    {
        var made = default(DateTimeOffset);
        await using (var first = await Room.StartAsync(_state))
        {
            made = first.Time.GetUtcNow();
            await RefusesOlderAsync(first, made, "first");
        }

        // It stays when the agent starts again; a new file has its own, as after --new-ledger.
        var later = new FakeTime(made.AddDays(2));
        await using (var next = await Room.StartAsync(_state, later))
        {
            await RefusesOlderAsync(next, made, "next");
        }

        using var other = new TemporaryState();
        await using var anew = await Room.StartAsync(other, new FakeTime(made.AddDays(2)));
        await RefusesOlderAsync(anew, made.AddDays(2), "anew");

        static async Task RefusesOlderAsync(Room room, DateTimeOffset made, string id)
        {
            var window = new WorkOptions().SigningWindow;
            Assert.Equal(NonceTable.TooOld, (await room.AcceptAsync(At(made - window - TimeSpan.FromSeconds(1), "old"))).Reason);
            Assert.Equal(NonceTable.TooOld, (await room.Intake.UseAsync(At(made - window - TimeSpan.FromSeconds(1), "use"), default)).Reason);
            Assert.Equal(AdmissionKind.Accepted, (await room.AcceptAsync(At(made - window, "in time"))).Kind);

            OpsMessage At(DateTimeOffset signedAt, string which) =>
                Signed(room, $"{id} {which}", null, $"{id} {which}", nonce: $"{id} {which}", signedAt: signedAt);
        }
    }

    [Fact]
    public async Task What_the_agent_itself_answers_is_answered_once()
    {
        await using var room = await Room.StartAsync(_state);

        Assert.Equal(AdmissionKind.Accepted, (await room.Intake.UseAsync(Signed(room, null, null, "d-1"), default)).Kind);
        Assert.Equal(AdmissionKind.KnownDelivery, (await room.Intake.UseAsync(Signed(room, null, null, "d-1"), default)).Kind);
        Assert.Equal(AdmissionKind.Replayed, (await room.Intake.UseAsync(Signed(room, null, null, "d-2"), default)).Kind);
        Assert.Equal(AdmissionKind.Replayed, (await room.Intake.UseAsync(Signed(room, null, null, null), default)).Kind);
    }

    [Fact]
    public async Task Where_the_broker_tells_no_message_from_another_the_callers_id_does()
    {
        await using var room = await Room.StartAsync(_state, before: r => r.Runner.OnRun = FakeRunner.Forever);
        await room.AcceptAsync(Signed(room, "a", "r-1", null));

        Assert.Equal(AdmissionKind.Skipped, (await room.AcceptAsync(Signed(room, "a", "r-1", null))).Kind);
        Assert.Equal(AdmissionKind.Rejected, (await room.AcceptAsync(Signed(room, "a", null, null))).Kind);
        Assert.Single(room.Runner.Started);
    }

    [Fact]
    public async Task Nonces_are_kept_as_long_as_settled_rows_and_longer_if_they_are_dated_ahead()
    {
        await using var room = await Room.StartAsync(_state);
        await room.AcceptAsync(Signed(room, "a", "r-1", "d-1"));
        await room.AcceptAsync(Signed(room, "b", "r-2", "d-2", nonce: "ahead", signedAt: room.Time.GetUtcNow().AddDays(20)));
        await room.SettledAsync(new RequestId("r-2"));

        await DaysAsync(room, 29);
        Assert.Equal(NonceTable.Replay, (await room.AcceptAsync(Signed(room, "c", "r-3", "d-3"))).Reason);
        await DaysAsync(room, 2);
        await Eventually.HoldsAsync(
            () =>
            {
                // The writer tidies up when it has been woken and has nothing else to write.
                room.Ledger.Writer.Post(new SqlOperation("SELECT 1"));
                return !room.Ledger.Reader.IsUsed(new MessageSignature("web", "n-1", default));
            },
            "the nonce is forgotten");
        Assert.True(room.Ledger.Reader.IsUsed(new MessageSignature("web", "ahead", default)));
    }

    /// <summary>Wakes the writer each day; it removes what is old when it is idle.</summary>
    private static async Task DaysAsync(Room room, int days)
    {
        for (var day = 0; day < days; day++)
        {
            room.Time.Advance(TimeSpan.FromDays(1));
            await room.Ledger.Writer.DoAsync(new SqlOperation("SELECT 1"));
        }
    }

    private static Refusal Refusal(OpsMessage message) => new()
    {
        DeliveryId = message.DeliveryId,
        RequestId = message.RequestId,
        HasCallersRequestId = message.HasCallersRequestId,
        RequestType = message.MsgType.Value,
        Reason = "pandaid is required",
        Message = message,
    };

    private static OpsMessage Signed(
        Room room, string? body, string? id, string? delivery, string key = "web", string nonce = "n-1", DateTimeOffset? signedAt = null) =>
        room.Message(body, id, delivery) with { Signature = new MessageSignature(key, nonce, signedAt ?? room.Time.GetUtcNow()) };
}
