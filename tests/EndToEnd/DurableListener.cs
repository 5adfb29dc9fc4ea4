using System.Text.Json;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support.Servers;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>A subscriber of a topic whom the broker keeps what he missed, through its own end too.</summary>
internal sealed class DurableListener : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<JsonElement> _events = [];
    private readonly StompClient _client;

    private DurableListener(ActiveMqBroker broker, string topic)
    {
        _client = new StompClient(new StompClientOptions
        {
            Endpoints = [new StompEndpoint("127.0.0.1", broker.Port)],
            Login = ActiveMqBroker.Login,
            Passcode = ActiveMqBroker.Passcode,
            ClientId = "durable-listener",
        });
        _client.Subscribe(
            new StompSubscribeOptions
            {
                Destination = topic,
                AckMode = StompAckMode.ClientIndividual,
                Headers = [new("activemq.subscriptionName", "durable-listener")],
            },
            TakeAsync);
        _client.Start();
    }

    /// <summary>What has come, in order; what the broker has given again is there again.</summary>
    public IReadOnlyList<JsonElement> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public static async Task<DurableListener> StartAsync(ActiveMqBroker broker, string topic)
    {
        var listener = new DurableListener(broker, topic);
        await listener._client.WaitConnectedAsync(CancellationToken.None);
        return listener;
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private async ValueTask TakeAsync(StompMessage message)
    {
        lock (_gate)
        {
            _events.Add(JsonDocument.Parse(message.Body).RootElement);
        }

        // Not acked where the broker is gone meanwhile: then it comes again.
        await _client.AckAsync(message);
    }
}
