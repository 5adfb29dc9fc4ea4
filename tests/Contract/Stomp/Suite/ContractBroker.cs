using OpsAgent.Stomp;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.Suite;

/// <summary>A broker that the suite is run against: one for all its tests, which use destinations of their own.</summary>
public abstract class ContractBroker : IAsyncLifetime
{
    /// <summary>What it does differently.</summary>
    public abstract BrokerTraits Traits { get; }

    /// <summary>How to connect, with the right login.</summary>
    public abstract StompClientOptions Options { get; }

    /// <summary>The port of 127.0.0.1.</summary>
    public int Port => Options.Endpoints[0].Port;

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();
}
