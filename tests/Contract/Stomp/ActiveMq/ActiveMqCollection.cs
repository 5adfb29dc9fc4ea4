using OpsAgent.Stomp;
using OpsAgent.Tests.Contract.Stomp.Suite;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.ActiveMq;

/// <summary>The ActiveMQ Classic of all tests that do not end it.</summary>
public sealed class SharedActiveMq : ContractBroker
{
    public ActiveMqBroker Broker { get; private set; } = null!;

    public override BrokerTraits Traits => Listed.ActiveMq;

    public override StompClientOptions Options => PlainOptions(Broker);

    public static StompClientOptions PlainOptions(ActiveMqBroker broker) => new()
    {
        Endpoints = [new StompEndpoint("127.0.0.1", broker.Port)],
        Login = ActiveMqBroker.Login,
        Passcode = ActiveMqBroker.Passcode,
    };

    public static StompClientOptions TlsOptions(ActiveMqBroker broker, StompTlsOptions tls) =>
        PlainOptions(broker) with { Endpoints = [new StompEndpoint("localhost", broker.TlsPort)], Tls = tls };

    public override async Task InitializeAsync()
    {
        if (ServersHere.Missing("activemq") is null)
        {
            Broker = await ActiveMqBroker.StartAsync();
        }
    }

    public override async Task DisposeAsync()
    {
        if (Broker is not null)
        {
            await Broker.DisposeAsync();
        }
    }
}

/// <summary>Tests with a broker run one after another: each Java start takes the whole of a small machine.</summary>
[CollectionDefinition(Name)]
public sealed class ActiveMqCollection : ICollectionFixture<SharedActiveMq>
{
    public const string Name = "ActiveMQ";
}
