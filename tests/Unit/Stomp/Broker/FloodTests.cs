using System.Net.Sockets;
using OpsAgent.Stomp.Broker;
using OpsAgent.Stomp.Protocol;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp.Broker;

public sealed class FloodTests
{
    [Fact]
    public async Task Ten_thousand_idle_connections_are_refused_past_the_bound()
    {
        const int Bound = 100;
        const int Wave = 100;
        await using var broker = await BrokerUnderTest.StartAsync(new StompBrokerLimits { MaxConnections = Bound });
        var idle = new List<RawPeer>();
        try
        {
            using var first = await RawPeer.ConnectedAsync(broker);
            while (idle.Count < Bound - 1)
            {
                idle.Add(await RawPeer.OpenAsync(broker));
            }

            await Eventually.HoldsAsync(() => broker.Connections == Bound, "all that may are there");
            var told = 0;
            for (var wave = 0; wave < 10_000 / Wave; wave++)
            {
                told += (await Task.WhenAll(Enumerable.Range(0, Wave).Select(_ => IsToldWhyAsync(broker)))).Count(t => t);
                Assert.Equal(Bound, broker.Connections);
            }

            Assert.InRange(told, 1000, 10_000);
            await first.DoAsync("SEND", "destination:/queue/a");

            idle[0].Dispose();
            await Eventually.HoldsAsync(() => broker.Connections == Bound - 1, "one is gone");
            using var next = await RawPeer.ConnectedAsync(broker);
        }
        finally
        {
            idle.ForEach(p => p.Dispose());
        }
    }

    [Fact]
    public async Task Who_never_reads_is_ended_while_100_MB_are_published_to_its_topic_and_others_get_them_all()
    {
        const int Size = 1_000_000;
        var time = new FakeTime();
        await using var broker = await BrokerUnderTest.StartAsync(time: time);
        using var deaf = await RawPeer.ConnectedAsync(broker);
        await deaf.DoAsync("SUBSCRIBE", "id:1", "destination:/topic/big");
        await deaf.DoAsync("SUBSCRIBE", "id:2", "destination:/queue/held", "ack:client");
        using var reader = await RawPeer.ConnectedAsync(broker);
        await reader.DoAsync("SUBSCRIBE", "id:1", "destination:/topic/big");
        using var sender = await RawPeer.ConnectedAsync(broker);
        await sender.PublishAsync("/queue/held", "kept");

        var body = new string('x', Size);
        var mostHeld = 0L;
        for (var i = 0; i < 100; i++)
        {
            await sender.PublishAsync("/topic/big", body);
            Assert.Equal(Size, (await reader.ExpectAsync("MESSAGE")).Body.Length);
            mostHeld = Math.Max(mostHeld, broker.MessageBytes);
        }

        Assert.InRange(mostHeld, Size, 18L * Size);
        await Eventually.HoldsAsync(() => broker.Queues.SingleOrDefault() is { Waiting: 1, HandedOut: 0, Consumers: 0 }, "its queue's message came back");
        Assert.Equal(3, broker.Connections);

        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return broker.Connections == 2;
            },
            "the time to write is over");
        await reader.SendAsync(RawPeer.Frame("SUBSCRIBE", ["id:2", "destination:/queue/held"]));
        Assert.Equal("kept", await reader.ExpectBodyAsync());
    }

    [Fact]
    public async Task Who_reads_too_slowly_is_told_so()
    {
        await using var broker = await BrokerUnderTest.StartAsync(new StompBrokerLimits { MaxTopicBytes = 100_000, MaxUnsentBytes = 1000 });
        using var slow = await RawPeer.ConnectedAsync(broker);
        await slow.DoAsync("SUBSCRIBE", "id:1", "destination:/topic/a", "ack:client");
        using var sender = await RawPeer.ConnectedAsync(broker);
        for (var i = 0; i < 200; i++)
        {
            await sender.PublishAsync("/topic/a", new string('x', 1000));
        }

        await sender.DoAsync("SEND", "destination:/topic/a");
        StompFrame? last = null;
        while (await slow.ReadAsync() is { } frame)
        {
            last = frame;
        }

        Assert.Equal(StompCommand.Error, last!.Command);
        Assert.StartsWith("too slow: more than 100000 bytes", last.Headers.Get("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_for_receipts_and_never_reads_them_is_read_no_further()
    {
        await using var broker = await BrokerUnderTest.StartAsync(new StompBrokerLimits { MaxUnsentBytes = 10_000 });
        using var deaf = await RawPeer.ConnectedAsync(broker);
        var frame = RawPeer.Frame("SEND", ["destination:/queue/a", $"receipt:{new string('r', 10_000)}"], "x");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        var sending = Task.Run(async () =>
        {
            while (true)
            {
                await deaf.SendAsync(frame).WaitAsync(limit.Token);
            }
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);

        // What its socket's buffers take besides is the system's.
        Assert.InRange(broker.Messages, 1, 5_000);
        using var other = await RawPeer.ConnectedAsync(broker);
        await other.DoAsync("SEND", "destination:/queue/a");
    }

    /// <summary>False: it was closed without a word, as those are who come while many are being told.</summary>
    private static async Task<bool> IsToldWhyAsync(StompBroker broker)
    {
        try
        {
            using var peer = await RawPeer.OpenAsync(broker);
            var answer = await peer.ReadAsync();
            Assert.True(answer is null or { Command: StompCommand.Error });
            return answer is not null && answer.Headers.Get("message") == "too many connections: the broker serves 100";
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }
}
