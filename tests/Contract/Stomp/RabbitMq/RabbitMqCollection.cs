using OpsAgent.Stomp;
using OpsAgent.Tests.Contract.Stomp.Suite;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.RabbitMq;

/// <summary>The RabbitMQ of all tests.</summary>
public sealed class SharedRabbitMq : ContractBroker
{
    private RabbitMqBroker? _broker;

    public override BrokerTraits Traits => Listed.RabbitMq;

    public override StompClientOptions Options => new()
    {
        Endpoints = [new StompEndpoint("127.0.0.1", _broker!.Port)],
        Login = RabbitMqBroker.Login,
        Passcode = RabbitMqBroker.Passcode,
        VirtualHost = RabbitMqBroker.VirtualHost,
    };

    public override async Task InitializeAsync()
    {
        if (ServersHere.Missing("rabbitmq-server") is null)
        {
            _broker = await RabbitMqBroker.StartAsync();
        }
    }

    public override async Task DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }
}

[CollectionDefinition(Name)]
public sealed class RabbitMqCollection : ICollectionFixture<SharedRabbitMq>
{
    public const string Name = "RabbitMQ";
}
