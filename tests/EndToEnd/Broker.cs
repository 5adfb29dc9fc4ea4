using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Servers;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>One ActiveMQ for all tests of this project; each test has its own destinations.</summary>
public sealed class Broker : IAsyncLifetime
{
    public ActiveMqBroker ActiveMq { get; private set; } = null!;

    public StompPyEndpoint Plain => new(ActiveMq.Port, ActiveMqBroker.Login, ActiveMqBroker.Passcode);

    public StompPyEndpoint Tls => new(ActiveMq.TlsPort, ActiveMqBroker.Login, ActiveMqBroker.Passcode, ActiveMq.Certificates.CaFile);

    public async Task InitializeAsync()
    {
        if (ServersHere.Missing("activemq") is null)
        {
            ActiveMq = await ActiveMqBroker.StartAsync(new ActiveMqOptions { Persistent = true });
        }
    }

    public async Task DisposeAsync()
    {
        if (ActiveMq is not null)
        {
            await ActiveMq.DisposeAsync();
        }
    }
}

[CollectionDefinition(nameof(Broker))]
public sealed class BrokerGroup : ICollectionFixture<Broker>;
