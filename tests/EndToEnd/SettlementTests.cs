using System.Text.Json;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>Exactly one settlement a delivery that is accepted or refused, over a stream with garbage and duplicates in it.</summary>
[Collection(nameof(Broker))]
public sealed class SettlementTests(Broker broker)
{
    private const int Requests = 300;

    [ServerFact("activemq", "python3-stomp")]
    public async Task Every_delivery_has_exactly_one_settlement_or_is_counted_in_one()
    {
        await using var scene = await Scene.SetAsync(broker, Manifests.Small);
        await scene.Agent.StartAsync();
        var random = new Random(42);
        var bodies = new List<string>();
        var expected = new Dictionary<string, int>();
        var anonymous = 0;
        for (var i = 0; i < Requests; i++)
        {
            var id = $"s-{random.Next(Requests)}";
            switch (random.Next(5))
            {
                case 0:
                    bodies.Add($$"""{"garbage {{i}}""");
                    anonymous++;
                    continue;
                case 1:
                    bodies.Add($$"""{"msg_type":"note","n":"{{i}}","namespace":"elsewhere","request_id":"{{id}}"}""");
                    continue;
                case 2:
                    bodies.Add($$"""{"msg_type":"note","n":"x","request_id":"{{id}}"}""");
                    break;
                default:
                    bodies.Add($$"""{"msg_type":"note","n":"{{random.Next(3)}}","request_id":"{{id}}"}""");
                    break;
            }

            expected[id] = expected.GetValueOrDefault(id) + 1;
        }

        await scene.SendAsync([.. bodies]);
        await Eventually.HoldsAsync(
            () => scene.Settlements.Count(Named) == expected.Values.Sum(), $"{expected.Values.Sum()} settlements of named requests");
        // One more refusal, once the second of the others is over, carries the count of what was suppressed.
        await Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System);
        await scene.SendAsync("{\"the last garbage");
        await Eventually.HoldsAsync(() => Anonymous(scene) == anonymous + 1, $"{anonymous + 1} refusals told or counted, {Anonymous(scene)} so far");

        foreach (var (id, count) in expected)
        {
            Assert.Equal(count, scene.Settlements.Count(m => m["request_id"] == id));
        }

        Assert.Equal(scene.Settlements.Count, scene.Settlements.Select(m => m["settlement_id"]).Distinct().Count());
    }

    private static bool Named(Support.StompPy.StompPyMessage message) => message["request_id"].StartsWith("s-", StringComparison.Ordinal);

    private static int Anonymous(Scene scene) => scene.Settlements.Where(m => !Named(m))
        .Sum(m => 1 + (m.Body.TryGetProperty("suppressed", out var more) && more.ValueKind == JsonValueKind.Number ? more.GetInt32() : 0));
}
