using System.Net;
using System.Net.Sockets;
using OpsAgent.Stomp;
using OpsAgent.Stomp.Broker;
using OpsAgent.Stomp.Protocol;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp.Broker;

public sealed class SessionTests
{
    [Fact]
    public void Who_is_too_slow_is_sent_no_more_though_its_connection_has_not_ended_yet()
    {
        const int Limit = 100_000;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        client.Connect((IPEndPoint)listener.LocalEndpoint);
        using var stream = new NetworkStream(listener.AcceptSocket(), ownsSocket: true);
        var core = new BrokerCore(new StompBrokerLimits { MaxTopicBytes = Limit }, TimeProvider.System);
        var expelled = new List<string>();
        var session = new Session(core, new ConnectionOutput(stream, core, _ => { }), StompVersion.V12, "s", expelled.Add);
        session.Handle(Frame(StompCommand.Subscribe, [], ("id", "1"), ("destination", "/topic/a"), ("ack", "client")));
        for (var i = 0; i < 300; i++)
        {
            session.Handle(Frame(StompCommand.Send, new byte[1000], ("destination", "/topic/a")));
            Assert.InRange(core.Capacity.Bytes, 0, Limit + 2000);
        }

        Assert.StartsWith("too slow", Assert.Single(expelled), StringComparison.Ordinal);
        session.Leave();
        Assert.Equal((0, 0L), (core.Capacity.Messages, core.Capacity.Bytes));
    }

    private static StompFrame Frame(StompCommand command, byte[] body, params (string Name, string Value)[] headers) =>
        new(command, new StompHeaders([.. headers.Select(h => KeyValuePair.Create(h.Name, h.Value))]), body);
}
