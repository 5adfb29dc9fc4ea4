using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

public sealed class RateLimitTests : IDisposable
{
    private const string Refused = "rate limit: one sender may ask for 3 of fetch in 60 s";

    private readonly TemporaryState _state = new();
    private readonly FakeHandler _handler = new("fetch");

    public RateLimitTests() =>
        _handler.Template = _handler.Template with { RateLimit = new RateLimit(3, TimeSpan.FromMinutes(1)) };

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task Beyond_the_limit_a_sender_is_refused_with_a_settlement_and_others_are_not()
    {
        await using var room = await Room.StartAsync(_state, handler: _handler);
        var taken = await AskAsync(room, "ann", 5);
        var others = await AskAsync(room, "bob", 3);

        Assert.Equal(3, taken.Count(a => a.Kind == AdmissionKind.Accepted));
        Assert.Equal([Refused, Refused], taken.Where(a => a.Kind == AdmissionKind.Rejected).Select(a => a.Reason));
        Assert.All(others, a => Assert.Equal(AdmissionKind.Accepted, a.Kind));
        await room.PublishedAsync(8);
        Assert.Equal(2, room.Bus.Settlements.Count(s =>
            s.GetProperty("outcome").GetString() == "rejected" && s.GetProperty("reason").GetString() == Refused));
    }

    [Fact]
    public async Task Requests_that_come_all_at_once_are_counted_one_by_one()
    {
        await using var room = await Room.StartAsync(_state, handler: _handler);
        var all = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => room.AcceptAsync(By(room, "ann"))));
        Assert.Equal(3, all.Count(a => a.Kind == AdmissionKind.Accepted));
    }

    [Fact]
    public async Task When_the_time_is_over_the_sender_may_ask_again()
    {
        await using var room = await Room.StartAsync(_state, handler: _handler);
        await AskAsync(room, "ann", 3);
        room.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(AdmissionKind.Rejected, (await AskAsync(room, "ann", 1))[0].Kind);
        room.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(AdmissionKind.Accepted, (await AskAsync(room, "ann", 1))[0].Kind);
    }

    [Fact]
    public async Task What_is_skipped_or_known_already_is_not_refused_and_does_not_count()
    {
        await using var room = await Room.StartAsync(_state, handler: _handler, before: r => r.Runner.OnRun = FakeRunner.Forever);
        var first = By(room, "ann", key: "k", delivery: "d-1");
        Assert.Equal(AdmissionKind.Accepted, (await room.AcceptAsync(first)).Kind);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(AdmissionKind.Skipped, (await room.AcceptAsync(By(room, "ann", key: "k"))).Kind);
        }

        Assert.All(await AskAsync(room, "ann", 2), a => Assert.Equal(AdmissionKind.Accepted, a.Kind));
        Assert.Equal(AdmissionKind.KnownDelivery, (await room.AcceptAsync(first)).Kind);
        Assert.Equal(AdmissionKind.Skipped, (await room.AcceptAsync(By(room, "ann", key: "k"))).Kind);
        Assert.Equal(AdmissionKind.Rejected, (await room.AcceptAsync(By(room, "ann", key: "other"))).Kind);
    }

    [Fact]
    public async Task A_restart_of_the_agent_frees_nobody()
    {
        var time = new OpsAgent.Tests.Support.FakeTime();
        await using (var room = await Room.StartAsync(_state, time, handler: _handler))
        {
            await AskAsync(room, "ann", 3);
        }

        await using var again = await Room.StartAsync(_state, time, handler: _handler);
        Assert.Equal(AdmissionKind.Rejected, (await AskAsync(again, "ann", 1))[0].Kind);
    }

    [Fact]
    public async Task What_a_clock_that_was_ahead_has_dated_holds_nobody_off()
    {
        await using var room = await Room.StartAsync(_state, handler: _handler);
        room.Time.Jump(TimeSpan.FromDays(1));
        await AskAsync(room, "ann", 3);
        room.Time.Jump(TimeSpan.FromDays(-1));
        Assert.Equal(AdmissionKind.Accepted, (await AskAsync(room, "ann", 1))[0].Kind);
    }

    [Fact]
    public async Task A_type_without_a_limit_has_none_and_keeps_no_senders()
    {
        _handler.Template = _handler.Template with { RateLimit = null };
        await using var room = await Room.StartAsync(_state, handler: _handler);
        Assert.All(await AskAsync(room, "ann", 50), a => Assert.Equal(AdmissionKind.Accepted, a.Kind));
        Assert.Equal(0L, Sql.Scalar(_state, "SELECT count(*) FROM work WHERE sender IS NOT NULL"));
    }

    private static OpsMessage By(Room room, string sender, string? key = null, string? delivery = null) =>
        room.Message(key, delivery: delivery) with { RequestedBy = sender };

    private static async Task<IReadOnlyList<Admission>> AskAsync(Room room, string sender, int times)
    {
        var admissions = new List<Admission>();
        for (var i = 0; i < times; i++)
        {
            admissions.Add(await room.AcceptAsync(By(room, sender)));
        }

        return admissions;
    }
}
