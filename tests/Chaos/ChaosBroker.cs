using OpsAgent.Tests.Support.Artemis;
using OpsAgent.Tests.Support.Servers;

namespace OpsAgent.Tests.Chaos;

/// <summary>A broker of either kind: a real ActiveMQ, or the scripted Artemis, whose message-ids change with every subscription.</summary>
internal sealed class ChaosBroker : IAsyncDisposable
{
    public const string Login = ActiveMqBroker.Login;
    public const string Passcode = ActiveMqBroker.Passcode;

    private readonly IAsyncDisposable _broker;

    private ChaosBroker(IAsyncDisposable broker, string host, int port)
    {
        _broker = broker;
        Host = host;
        Port = port;
    }

    public string Host { get; }

    public int Port { get; }

    public static async Task<ChaosBroker> StartActiveMqAsync()
    {
        var broker = await ActiveMqBroker.StartAsync(new ActiveMqOptions { Persistent = true });
        return new ChaosBroker(broker, "localhost", broker.Port);
    }

    public static ChaosBroker StartArtemis()
    {
        // A message may come back as often as the agent is killed.
        var broker = new ArtemisServer(new ArtemisOptions { Login = Login, Passcode = Passcode, MaxDeliveryAttempts = 10_000 });
        return new ChaosBroker(broker, "127.0.0.1", broker.Port);
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();
}
