using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>R3: exactly one settlement a delivery that is accepted or refused; a redelivery has none.</summary>
public sealed class ExactlyOneSettlementTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Over_random_streams_with_garbage_duplicates_redeliveries_and_crashes(int seed)
    {
        var random = new Random(seed);
        var states = new List<TemporaryState> { new() };
        var published = new Dictionary<string, string>();
        var settlements = new List<(string RequestId, string Outcome)>();
        var deliveries = new Dictionary<string, (string RequestId, string? Key, bool Garbage)>();
        var kinds = new List<(string Delivery, AdmissionKind Kind)>();
        for (var life = 0; life < 4; life++)
        {
            await using var room = await Room.StartAsync(
                states[^1],
                work: o => (o.IdsInMemory, o.RetryDelay) = (4, TimeSpan.Zero),
                events: o => o.RefusalsPerSecond = 100_000,
                before: r =>
                {
                    r.Handler.Template = r.Handler.Template with { MaxPending = 20 };
                    r.Runner.OnRun = (c, _) => RunAsync(c);
                });
            var batch = Enumerable.Range(0, 150).Select(_ => random.Next(100)).Select(dice => DeliverAsync(room, dice)).ToList();
            kinds.AddRange(await Task.WhenAll(batch));
            if (life < 3 && random.Next(2) == 0)
            {
                // Gone in the middle: the next life begins with what is on disk now.
                states.Add(states[^1].Crash(room.Ledger.Writer, () => Collect(room)));
                continue;
            }

            await Eventually.HoldsAsync(() => room.View.Counts is { Queued: 0, Running: 0 } && room.Outbox.Depth == 0, "all is settled");
            Collect(room);
        }

        await using (var last = await Room.StartAsync(states[^1], before: r => r.Runner.OnRun = (c, _) => RunAsync(c)))
        {
            await Eventually.HoldsAsync(() => last.View.Counts is { Queued: 0, Running: 0 } && last.Outbox.Depth == 0, "all is settled");
            Collect(last);
        }

        // A delivery has one settlement, whose request is that delivery's own.
        Assert.Equal(
            deliveries.Values.Select(d => d.RequestId).Order(StringComparer.Ordinal),
            settlements.Select(s => s.RequestId).Order(StringComparer.Ordinal));
        Assert.All(
            kinds.Where(k => k.Kind != AdmissionKind.KnownDelivery).GroupBy(k => k.Delivery), g => Assert.Single(g));
        Assert.Contains(kinds, k => k.Kind == AdmissionKind.KnownDelivery);
        Assert.Contains(settlements, s => s.Outcome == "skipped");
        Assert.Contains(settlements, s => s.Outcome == "rejected");
        Assert.Contains(settlements, s => s.Outcome == "error");
        states.ForEach(s => s.Dispose());

        static async Task<RunResult> RunAsync(RunContext context)
        {
            await Task.Yield();
            return (context.RequestId.Value.GetHashCode(StringComparison.Ordinal) & 7) switch
            {
                0 => FakeRunner.Exit(1),
                1 => FakeRunner.Exit(75),
                2 => throw new InvalidOperationException("boom"),
                _ => FakeRunner.Ok,
            };
        }

        void Collect(Room room)
        {
            // At least once on the wire: the same settlement may have gone out before and after a crash.
            foreach (var s in room.Bus.Settlements)
            {
                var id = s.GetProperty("settlement_id").GetString()!;
                if (published.TryAdd(id, ""))
                {
                    settlements.Add((s.GetProperty("request_id").GetString()!, s.GetProperty("outcome").GetString()!));
                }
            }
        }

        async Task<(string, AdmissionKind)> DeliverAsync(Room room, int dice)
        {
            string delivery;
            lock (deliveries)
            {
                delivery = dice < 20 && deliveries.Count > 0
                    ? deliveries.Keys.ElementAt(random.Next(deliveries.Count))
                    : $"d{deliveries.Count}";
                if (!deliveries.ContainsKey(delivery))
                {
                    // Small sets of keys, so that the same work comes again and again.
                    deliveries.Add(delivery, ($"r{deliveries.Count}", dice < 60 ? $"k{random.Next(10)}" : null, dice > 90));
                }
            }

            var (requestId, key, garbage) = deliveries[delivery];
            if (garbage)
            {
                var refusal = new Refusal { DeliveryId = new DeliveryId(delivery), RequestId = new RequestId(requestId), Reason = "bad JSON" };
                return (delivery, (await room.Intake.RefuseAsync(refusal, CancellationToken.None)).Kind);
            }

            var message = room.Message(key, requestId, delivery);
            return (delivery, (await room.AcceptAsync(message)).Kind);
        }
    }

    [Fact]
    public async Task Two_deliveries_of_one_request_have_a_settlement_each()
    {
        using var state = new TemporaryState();
        await using var room = await Room.StartAsync(state);
        for (var i = 0; i < 5; i++)
        {
            await room.AcceptAsync("k", "caller-1", $"d{i}");
            await room.AcceptAsync("k", "caller-1", $"d{i}");
        }

        await room.PublishedAsync(5);
        Assert.Equal(5, room.Bus.Settlements.Select(s => s.GetProperty("settlement_id").GetString()).Distinct().Count());
        Assert.Equal(5, room.Bus.Settlements.Count);
        Assert.Equal(4, room.Bus.Settlements.Count(s => s.GetProperty("outcome").GetString() == "skipped"));
    }

    [Fact]
    public async Task Refusals_without_a_callers_id_are_told_ten_times_a_second_and_the_rest_is_counted()
    {
        using var state = new TemporaryState();
        await using var room = await Room.StartAsync(state);
        for (var i = 0; i < 35; i++)
        {
            await RefuseAsync(caller: false);
        }

        await RefuseAsync(caller: true);
        await room.PublishedAsync(11);
        Assert.All(room.Bus.Settlements, s => Assert.False(s.TryGetProperty("suppressed", out _)));
        room.Time.Advance(TimeSpan.FromSeconds(1));
        await RefuseAsync(caller: false);
        await RefuseAsync(caller: false);
        await room.PublishedAsync(13);

        Assert.Equal(25, room.Bus.Settlements[11].GetProperty("suppressed").GetInt32());
        Assert.False(room.Bus.Settlements[12].TryGetProperty("suppressed", out _));
        Assert.Equal(38L, Sql.Scalar(state, "SELECT count(*) FROM refusal"));

        Task RefuseAsync(bool caller) => room.Intake.RefuseAsync(
            new Refusal { RequestId = RequestId.New(), HasCallersRequestId = caller, Reason = "bad JSON" }, CancellationToken.None);
    }
}
