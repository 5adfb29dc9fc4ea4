using OpsAgent.Stomp;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp;

public sealed class OptionsTests
{
    private static readonly StompClientOptions Good = new() { Endpoints = [new("localhost", 61613)] };

    public static TheoryData<string, StompClientOptions> Wrong => new()
    {
        { "no endpoint", Good with { Endpoints = [] } },
        { "no such endpoint", Good with { Endpoints = [new("localhost", 0)] } },
        { "AcceptVersions", Good with { AcceptVersions = ["1.3"] } },
        { "Passcode holds a line end", Good with { Passcode = "a\nlogin:b" } },
        { "heart-beats", Good with { HeartBeatSend = TimeSpan.FromSeconds(-1) } },
        { "ConnectTimeout", Good with { ConnectTimeout = TimeSpan.Zero } },
        { "MaxReconnectDelay", Good with { MaxReconnectDelay = TimeSpan.FromSeconds(-1) } },
        { "each limit", Good with { Limits = new StompLimits { MaxBodyBytes = 0 } } },
        { "TLS needs a CA file", Good with { Tls = new StompTlsOptions() } },
        { "/nowhere/ca.pem", Good with { Tls = new StompTlsOptions { CaFile = "/nowhere/ca.pem" } } },
        { "a client key is given without", Good with { Tls = new StompTlsOptions { UseSystemRoots = true, ClientKeyFile = "/nowhere/key.pem" } } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_can_not_work_is_refused_at_construction(string reason, StompClientOptions options) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new StompClient(options)).Message);

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var message = Assert.Throws<ArgumentException>(() => new StompClient(Good with { Endpoints = [], WriteTimeout = TimeSpan.Zero })).Message;

        Assert.Contains("no endpoint", message);
        Assert.Contains("WriteTimeout", message);
    }

    [Fact]
    public void A_subscription_that_can_not_be_written_is_refused()
    {
        var client = new StompClient(Good);

        Assert.Throws<ArgumentException>(() => client.Subscribe(new StompSubscribeOptions { Destination = "/queue/a\nack:auto" }, _ => ValueTask.CompletedTask));
    }
}
