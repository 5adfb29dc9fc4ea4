using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Signing;

/// <summary>One ActiveMQ for the tests of a class, which writes each sender's login into its messages.</summary>
public sealed class VouchingBroker : IAsyncLifetime
{
    public ActiveMqBroker ActiveMq { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (ServersHere.Missing("activemq") is null)
        {
            ActiveMq = await ActiveMqBroker.StartAsync(new ActiveMqOptions { Persistent = true, VouchesForSenders = true });
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
