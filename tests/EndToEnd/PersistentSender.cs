using System.Text;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Servers;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>Sends as a careful sender does: persistent, each with its id, again until the broker has confirmed it.</summary>
internal sealed class PersistentSender : IAsyncDisposable
{
    private readonly StompClient _client;
    private readonly string _queue;
    private int _confirmed;

    public PersistentSender(ActiveMqBroker own, string queue)
    {
        _queue = queue;
        _client = new StompClient(new StompClientOptions
        {
            Endpoints = [new StompEndpoint("127.0.0.1", own.Port)],
            Login = ActiveMqBroker.Login,
            Passcode = ActiveMqBroker.Passcode,
        });
        _client.Start();
    }

    public int Confirmed => Volatile.Read(ref _confirmed);

    public async Task SendAsync(int count, int from = 1)
    {
        for (var n = from; n <= count; n++)
        {
            while (!await TryAsync(n))
            {
            }

            Volatile.Write(ref _confirmed, n);
        }
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private async Task<bool> TryAsync(int n)
    {
        try
        {
            await _client.WaitConnectedAsync(Eventually.Limit);
            await _client.SendConfirmedAsync(new StompOutgoing
            {
                Destination = _queue,
                Body = Encoding.UTF8.GetBytes($$"""{"msg_type":"note","n":"{{n}}","request_id":"n{{n}}"}"""),
                Headers = [new("persistent", "true")],
            });
            return true;
        }
        catch (StompConnectionLostException)
        {
            return false;
        }
        catch (StompNotConnectedException) when (_client.State != StompConnectionState.Closed)
        {
            return false;
        }
    }
}
