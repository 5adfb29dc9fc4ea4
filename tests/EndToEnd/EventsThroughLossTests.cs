using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Servers;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>What the agent publishes while its broker is killed, as a subscriber has it whom the broker keeps what he missed.</summary>
[Collection(nameof(Broker))]
public sealed class EventsThroughLossTests(Broker broker, ITestOutputHelper output)
{
    private const int Requests = 120;

    [ServerFact("activemq", "python3-stomp")]
    public async Task Of_a_broker_that_is_killed_while_the_agent_publishes_each_event_is_had_under_one_id_and_with_the_same_words()
    {
        await using var own = await ActiveMqBroker.StartAsync(new ActiveMqOptions { Persistent = true });
        await using var scene = await Scene.SetAsync(
            broker,
            static folder => $"{Manifests.Small(folder)}\n\n[broker]\nheart_beat = \"1s\"\nconnect_timeout = \"2s\"\n",
            new Dictionary<string, string> { ["ACTIVEMQ_PORT"] = own.Port.ToString() });
        await using var listener = await DurableListener.StartAsync(own, scene.EventTopic);
        await scene.Agent.StartAsync();
        await using var sender = new PersistentSender(own, scene.Queue);
        var load = sender.SendAsync(Requests);
        foreach (var at in (int[])[20, 60, 100])
        {
            await Eventually.HoldsAsync(() => listener.Events.Count >= at, () => $"{listener.Events.Count} of {at} events; the agent wrote:\n{scene.Agent.Process.Output}");
            await own.KillAsync();
            await own.StartAgainAsync();
        }

        await load;
        await Eventually.HoldsAsync(
            () => Numbers(listener).Distinct().Count() == Requests,
            () => $"events of {Numbers(listener).Distinct().Count()} of {Requests} requests; the agent wrote:\n{scene.Agent.Process.Output}");
        var events = listener.Events;
        output.WriteLine($"{events.Count} events came, {events.Select(static e => e.GetRawText()).Distinct(StringComparer.Ordinal).Count()} of them different");
        Assert.All(events, static e => Assert.Equal("noted", e.GetProperty("msg_type").GetString()));
        Assert.Equal(Requests, events.Select(static e => e.GetProperty("event_id").GetString()).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Requests, events.Select(static e => e.GetRawText()).Distinct(StringComparer.Ordinal).Count());
    }

    private static IEnumerable<string?> Numbers(DurableListener listener) => listener.Events.Select(static e => e.GetProperty("n").GetString());
}
