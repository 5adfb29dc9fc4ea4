using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using OpsAgent.Stomp.Broker;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp.Broker;

public sealed class BrokerOptionsTests
{
    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once()
    {
        var wrong = new StompBrokerOptions
        {
            Port = 70_000,
            Users = new Dictionary<string, string> { ["a\nb"] = "" },
            HeartBeatSend = TimeSpan.FromSeconds(-1),
            WriteTimeout = TimeSpan.Zero,
            Limits = new StompBrokerLimits { MaxMessages = 0 },
        };
        var failure = await Assert.ThrowsAsync<ArgumentException>(() => StompBroker.StartAsync(wrong));

        foreach (var part in new[] { "there is no port 70000", "Users:", "heart-beats are", "WriteTimeout", "each limit is at least 1" })
        {
            Assert.Contains(part, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Passwords_are_not_printed() => Assert.DoesNotContain(
        "secret",
        new StompBrokerOptions { Users = new Dictionary<string, string> { ["ops"] = "secret" } }.ToString(),
        StringComparison.Ordinal);

    [Fact]
    public async Task It_listens_on_the_loopback_address_and_no_other()
    {
        await using var broker = await BrokerUnderTest.StartAsync();

        Assert.Equal("127.0.0.1", broker.Endpoint.Host);
        Assert.Equal(
            [new IPEndPoint(IPAddress.Loopback, broker.Port)],
            IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(e => e.Port == broker.Port));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_and_one_that_was_freed_is_not()
    {
        StompBrokerOptions options;
        await using (var first = await BrokerUnderTest.StartAsync())
        {
            options = new StompBrokerOptions { Port = first.Port };
            var taken = await Assert.ThrowsAsync<SocketException>(() => StompBroker.StartAsync(options));
            Assert.Equal(SocketError.AddressAlreadyInUse, taken.SocketErrorCode);
            using var peer = await RawPeer.ConnectedAsync(first);
        }

        await using var second = await StompBroker.StartAsync(options);
        Assert.Equal(options.Port, second.Port);
    }

    [Fact]
    public async Task At_its_end_every_connection_is_closed_whatever_it_does()
    {
        var broker = await BrokerUnderTest.StartAsync();
        using var silent = await RawPeer.OpenAsync(broker);
        using var deaf = await RawPeer.ConnectedAsync(broker);
        await deaf.DoAsync("SUBSCRIBE", "id:1", "destination:/topic/a");
        for (var i = 0; i < 15; i++)
        {
            await deaf.DoAsync("SEND", "destination:/topic/b", $"x:{new string('x', 60_000)}");
            await deaf.PublishAsync("/topic/a", new string('x', 1_000_000));
        }

        await broker.DisposeAsync().AsTask().WaitAsync(Eventually.Limit);
        await broker.DisposeAsync();
        Assert.Equal(0, broker.Connections);
        using var late = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => late.ConnectAsync(IPAddress.Loopback, broker.Port));
    }
}
