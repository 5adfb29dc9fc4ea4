using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp;

/// <summary>One broker for all tests that neither end it nor ask for more than a plain one; they use queues of their own.</summary>
public sealed class SharedBroker : IAsyncLifetime
{
    public ActiveMqBroker Broker { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (ServersHere.Missing("activemq") is null)
        {
            Broker = await ActiveMqBroker.StartAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (Broker is not null)
        {
            await Broker.DisposeAsync();
        }
    }
}

/// <summary>Tests with a broker run one after another: each Java start takes the whole of a small machine.</summary>
[CollectionDefinition(Name)]
public sealed class ActiveMqCollection : ICollectionFixture<SharedBroker>
{
    public const string Name = "ActiveMQ";
}
