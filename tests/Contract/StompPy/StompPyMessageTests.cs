using System.Text;
using OpsAgent.Stomp.Broker;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.Contract.StompPy;

/// <summary>stomp.py sends to the embedded broker and receives from it.</summary>
public sealed class StompPyMessageTests : IAsyncLifetime
{
    private StompBroker _broker = null!;

    public async Task InitializeAsync() => _broker = await StompBroker.StartAsync(new StompBrokerOptions());

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [ServerTheory("python3-stomp")]
    [InlineData("1.0")]
    [InlineData("1.1")]
    [InlineData("1.2")]
    public async Task What_was_sent_to_a_queue_waits_and_is_received_in_order(string version)
    {
        await using var sender = await StompPyPeer.ConnectedAsync(_broker.Port, version);
        for (var i = 1; i <= 5; i++)
        {
            await sender.SendAsync("/queue/work", $"m{i}");
        }

        await _broker.HasAsync("/queue/work", waiting: 5, handedOut: 0);
        await using var receiver = await StompPyPeer.ConnectedAsync(_broker.Port, version);
        await receiver.SubscribeAsync("/queue/work");
        await receiver.ReceivesAsync(5);

        Assert.Equal(["m1", "m2", "m3", "m4", "m5"], receiver.Messages.Select(m => m.Body));
        Assert.All(receiver.Messages, m => Assert.Equal("/queue/work", m["destination"]));
        Assert.Equal(5, receiver.Messages.Select(m => m["message-id"]).Distinct().Count());
        await _broker.HasAsync("/queue/work", waiting: 0, handedOut: 0);
    }

    [ServerFact("python3-stomp")]
    public async Task Each_message_of_a_queue_goes_to_one_consumer_and_of_a_topic_to_all()
    {
        await using var one = await StompPyPeer.ConnectedAsync(_broker.Port, "1.1");
        await using var other = await StompPyPeer.ConnectedAsync(_broker.Port, "1.2");
        foreach (var peer in (StompPyPeer[])[one, other])
        {
            await peer.SubscribeAsync("/queue/work", "q");
            await peer.SubscribeAsync("/topic/news", "t");
        }

        for (var i = 0; i < 10; i++)
        {
            await one.SendAsync("/queue/work", $"q{i}");
            await one.SendAsync("/topic/news", $"t{i}");
        }

        await Eventually.HoldsAsync(() => one.Messages.Count + other.Messages.Count == 30, () => $"30 deliveries:\n{one.Process.Output}\n{other.Process.Output}");
        string[] Of(StompPyPeer peer, string subscription) => [.. peer.Messages.Where(m => m["subscription"] == subscription).Select(m => m.Body)];
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"q{i}"), Of(one, "q").Concat(Of(other, "q")).Order());
        Assert.NotEmpty(Of(one, "q"));
        Assert.NotEmpty(Of(other, "q"));
        Assert.All((StompPyPeer[])[one, other], peer => Assert.Equal(Enumerable.Range(0, 10).Select(i => $"t{i}"), Of(peer, "t")));
    }

    [ServerFact("python3-stomp")]
    public async Task A_topic_keeps_nothing_for_those_who_come_later_and_an_ended_subscription_gets_no_more()
    {
        await using var peer = await StompPyPeer.ConnectedAsync(_broker.Port);
        await peer.SendAsync("/topic/news", "before");
        await peer.SubscribeAsync("/topic/news", "t");
        await peer.SendAsync("/topic/news", "heard");
        await peer.UnsubscribeAsync("t");
        await peer.SendAsync("/topic/news", "after");

        // What was sent first would be here first.
        await peer.SubscribeAsync("/queue/last", "q");
        await peer.SendAsync("/queue/last", "last");
        await peer.ReceivesAsync(2);

        Assert.Equal(["heard", "last"], peer.Messages.Select(m => m.Body));
    }

    [ServerTheory("python3-stomp")]
    [InlineData("1.0", "a:b", "a:b")]
    [InlineData("1.1", "a:b\\c\\\\d\ne", "a:b\\c\\\\d\ne")]
    [InlineData("1.2", "a:b\\c\\\\d\ne\rf", "a:b\\c\\\\d\ne\rf")]
    public async Task Headers_come_as_they_were_sent(string version, string sent, string received)
    {
        await using var peer = await StompPyPeer.ConnectedAsync(_broker.Port, version);
        await peer.SubscribeAsync("/queue/a");

        await peer.SendAsync("/queue/a", "x", headers: [("note", sent), ("größe", "ä"), ("empty", "")]);

        var message = await peer.ReceivesAsync();
        Assert.Equal(received, message["note"]);
        Assert.Equal("ä", message["größe"]);
        Assert.True(message.Headers.ContainsKey("empty"));
    }

    [ServerTheory("python3-stomp")]
    [InlineData("plain", false)]
    [InlineData("größer 🎈\nund mehr\n", false)]
    [InlineData("größer 🎈\n", true)]
    [InlineData("with a \0 in it", true)]
    [InlineData("\0\0", true)]
    [InlineData("", false)]
    public async Task A_body_comes_as_it_was_sent(string body, bool contentLength)
    {
        await using var peer = await StompPyPeer.ConnectedAsync(_broker.Port, "1.1");
        await peer.SubscribeAsync("/queue/a");

        await peer.SendAsync("/queue/a", body, contentLength);
        await peer.SendAsync("/queue/a", "next");

        var message = await peer.ReceivesAsync();
        Assert.Equal(body, message.Body);
        Assert.Equal(contentLength ? Encoding.UTF8.GetByteCount(body).ToString() : "", message["content-length"]);
        Assert.Equal("next", (await peer.ReceivesAsync(2)).Body);
    }

    [ServerFact("python3-stomp")]
    public async Task A_large_body_comes_whole()
    {
        var body = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i},"));
        await using var peer = await StompPyPeer.ConnectedAsync(_broker.Port);
        await peer.SubscribeAsync("/queue/a");

        await peer.SendAsync("/queue/a", body, contentLength: true);

        Assert.Equal(body, (await peer.ReceivesAsync()).Body);
    }
}
