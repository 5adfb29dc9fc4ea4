using OpsAgent.Stomp;
using OpsAgent.Stomp.Broker;
using OpsAgent.Tests.Contract.Stomp.Suite;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.Embedded;

/// <summary>The embedded broker of all tests, with a user as the others have.</summary>
public sealed class SharedEmbedded : ContractBroker
{
    private const string Login = "ops";
    private const string Passcode = "ops-secret";

    private StompBroker? _broker;

    public override BrokerTraits Traits => Listed.Embedded;

    public override StompClientOptions Options => new() { Endpoints = [_broker!.Endpoint], Login = Login, Passcode = Passcode };

    public override async Task InitializeAsync() =>
        _broker = await StompBroker.StartAsync(new StompBrokerOptions { Users = new Dictionary<string, string> { [Login] = Passcode } });

    public override async Task DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }
}

[CollectionDefinition(Name)]
public sealed class EmbeddedCollection : ICollectionFixture<SharedEmbedded>
{
    public const string Name = "Embedded";
}
