using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

public sealed class RetentionTests : IDisposable
{
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Theory]
    [InlineData(30, 29, true)]
    [InlineData(30, 31, false)]
    [InlineData(1, 6, true)]
    [InlineData(1, 8, false)]
    public async Task Settled_rows_are_kept_as_long_as_asked_and_never_under_seven_days(int retention, int age, bool kept)
    {
        await using var room = await Room.StartAsync(_state, work: o => o.Retention = TimeSpan.FromDays(retention));
        var old = room.Message("k", "old", "d-old");
        await room.AcceptAsync(old);
        await room.SettledAsync(old.RequestId);
        room.Time.Advance(TimeSpan.FromDays(age));
        await room.Ledger.Writer.DoAsync(new SqlOperation("SELECT 1"));

        // Pruned when idle, so after the answer of what woke the writer.
        if (!kept)
        {
            await Eventually.HoldsAsync(() => room.Ledger.Reader.Load(old.RequestId) is null, "it is forgotten");
        }

        await room.Ledger.Writer.DoAsync(new SqlOperation("SELECT 2"));
        Assert.Equal(kept ? AdmissionKind.KnownDelivery : AdmissionKind.Accepted, (await room.AcceptAsync("k", "old", "d-old")).Kind);
    }

    [Fact]
    public async Task A_clock_that_leaps_ahead_is_believed_after_an_hour_and_one_that_is_set_back_holds_nothing_up()
    {
        await using var room = await Room.StartAsync(_state);
        foreach (var id in (string[])["first", "second"])
        {
            await room.AcceptAsync(id, id, $"d-{id}");
            await room.SettledAsync(new RequestId(id));
        }

        await PokeAsync(room);
        room.Time.Jump(TimeSpan.FromDays(40));
        room.Time.Advance(TimeSpan.FromMinutes(10));
        await PokeAsync(room);
        Assert.NotNull(room.Ledger.Reader.Load(new RequestId("first")));

        room.Time.Jump(TimeSpan.FromDays(-40));
        room.Time.Advance(TimeSpan.FromHours(2));
        await PokeAsync(room);
        Assert.NotNull(room.Ledger.Reader.Load(new RequestId("first")));

        for (var day = 0; day < 31; day++)
        {
            room.Time.Advance(TimeSpan.FromDays(1));
        }

        await room.Ledger.Writer.DoAsync(new SqlOperation("SELECT 3"));
        await Eventually.HoldsAsync(() => room.Ledger.Reader.Load(new RequestId("first")) is null, "it is forgotten in its time");
    }

    [Fact]
    public async Task A_clock_that_is_ahead_at_a_start_is_believed_after_an_hour()
    {
        var time = new FakeTime();
        await using (var room = await Room.StartAsync(_state, time))
        {
            await room.AcceptAsync("k", "first", "d-first");
            await room.SettledAsync(new RequestId("first"));
            await room.Work.DrainAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        }

        time.Jump(TimeSpan.FromDays(31));
        await using var next = await Room.StartAsync(_state, time);
        await PokeAsync(next);
        time.Advance(TimeSpan.FromMinutes(59));
        await PokeAsync(next);
        Assert.NotNull(next.Ledger.Reader.Load(new RequestId("first")));

        time.Advance(TimeSpan.FromMinutes(2));
        await next.Ledger.Writer.DoAsync(new SqlOperation("SELECT 3"));
        await Eventually.HoldsAsync(() => next.Ledger.Reader.Load(new RequestId("first")) is null, "it is forgotten once the clock has stood so long");
    }

    /// <summary>Wakes the writer, and waits until it has looked at what may be removed and taken up something else.</summary>
    private static async Task PokeAsync(Room room)
    {
        await room.Ledger.Writer.DoAsync(new SqlOperation("SELECT 1"));
        await room.Ledger.Writer.DoAsync(new SqlOperation("SELECT 2"));
    }

    [Fact]
    public async Task What_is_not_settled_is_kept_for_ever_and_new_ids_follow_the_forgotten_ones()
    {
        await using var room = await Room.StartAsync(_state, work: o => o.Lanes["fetch"] = 1);
        await room.AcceptAsync("settled", "settled");
        await room.SettledAsync(new RequestId("settled"));
        room.Handler.OnConclude = (_, r) => new Conclusion(Outcome.Unknown, "?", []);
        await room.AcceptAsync("doubt", "doubt");
        await room.SettledAsync(new RequestId("doubt"));
        room.Time.Advance(TimeSpan.FromDays(1_000));
        await room.Ledger.Writer.DoAsync(new SqlOperation("SELECT 1"));
        await Eventually.HoldsAsync(() => room.Ledger.Reader.Load(new RequestId("settled")) is null, "it is forgotten");

        Assert.Equal("doubt", room.Row(new RequestId("doubt")).State);
        room.Handler.OnConclude = null;
        await room.AcceptAsync("next", "next");
        await room.SettledAsync(new RequestId("next"));
    }

    [Fact]
    public async Task Refusals_are_bounded_and_kept_a_day()
    {
        await using var room = await Room.StartAsync(_state, work: o => o.MaxRefusals = 10);
        for (var i = 0; i < 25; i++)
        {
            await RefuseAsync(room, $"d{i}");
        }

        Assert.Equal(10L, Sql.Scalar(_state, "SELECT count(*) FROM refusal"));
        Assert.Equal(AdmissionKind.KnownDelivery, await RefuseAsync(room, "d24"));
        Assert.Equal(AdmissionKind.Rejected, await RefuseAsync(room, "d3"));
        room.Time.Advance(TimeSpan.FromHours(25));
        await room.Ledger.Writer.DoAsync(new SqlOperation("SELECT 1"));
        await Eventually.HoldsAsync(() => (long)Sql.Scalar(_state, "SELECT count(*) FROM refusal")! == 0, "they are forgotten");
    }

    [Fact]
    public async Task A_full_outbox_gives_up_its_oldest_settlements_first()
    {
        await using var room = await Room.StartAsync(_state, bus: new FakeBus(connected: false), events: o => o.MaxOutboxRows = 6);
        for (var i = 0; i < 5; i++)
        {
            await room.AcceptAsync($"k{i}", $"r{i}");
            await room.SettledAsync(new RequestId($"r{i}"));
        }

        Assert.Equal(6, room.Outbox.Depth);
        Assert.Equal(4, room.Outbox.CrowdedOut);
        room.Bus.SetConnected(true);
        await Eventually.HoldsAsync(() => room.Outbox.Depth == 0, "all is published");
        Assert.Equal(
            ["r0", "r1", "r2", "r3", "r4"],
            room.Bus.Bodies.Where(b => b.GetProperty("msg_type").GetString() == "fetch_done").Select(b => b.GetProperty("request_id").GetString()));
        Assert.Equal(["r4"], room.Bus.Settlements.Select(s => s.GetProperty("request_id").GetString()));
    }

    [Fact]
    public async Task The_body_of_what_went_well_is_not_kept_and_that_of_what_did_not_is()
    {
        await using var room = await Room.StartAsync(_state);
        room.Runner.OnRun = (c, _) => Task.FromResult(FakeRunner.Exit(c.RequestId.Value == "good" ? 0 : 1));
        await room.AcceptAsync("a", "good");
        await room.AcceptAsync("b", "bad");
        await room.PublishedAsync(2);

        Assert.Null(room.Row(new RequestId("good")).Body);
        Assert.Equal("""{"key":"b"}""", room.Row(new RequestId("bad")).Body);
        Assert.Equal(AdmissionKind.Skipped, (await room.AcceptAsync("a", "good")).Kind);
    }

    private static async Task<AdmissionKind> RefuseAsync(Room room, string delivery) => (await room.Intake.RefuseAsync(
        new Refusal { DeliveryId = new DeliveryId(delivery), RequestId = RequestId.New(), Reason = "bad JSON" }, CancellationToken.None)).Kind;
}
