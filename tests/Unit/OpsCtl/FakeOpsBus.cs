using System.Text;
using System.Text.Json;
using OpsAgent.OpsCtl;
using OpsAgent.OpsCtl.Bus;

namespace OpsAgent.Tests.Unit.OpsCtl;

/// <summary>A broker in process: what is sent is handed to <see cref="OnSent"/>, which may deliver answers.</summary>
internal sealed class FakeOpsBus : IOpsBus
{
    private readonly Lock _gate = new();
    private readonly List<(string Destination, Action<BusMessage> OnMessage)> _subscriptions = [];

    public List<BusRequest> Sent { get; } = [];

    /// <summary>Subscriptions and sends, in their order.</summary>
    public List<string> Journal { get; } = [];

    public Action<FakeOpsBus, JsonElement> OnSent { get; set; } = static (_, _) => { };

    public OpsCtlException? ConnectFails { get; set; }

    /// <summary>What connecting waits for.</summary>
    public Task Connected { get; set; } = Task.CompletedTask;

    /// <summary>What a receipt waits for.</summary>
    public Task Confirmed { get; set; } = Task.CompletedTask;

    public Action<BusChange>? OnChange { get; set; }

    public bool Disposed { get; private set; }

    public int Subscriptions
    {
        get
        {
            lock (_gate)
            {
                return _subscriptions.Count;
            }
        }
    }

    public Task ConnectAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        ConnectFails is { } failure ? Task.FromException(failure) : Connected.WaitAsync(cancellationToken);

    public IAsyncDisposable Subscribe(string destination, Action<BusMessage> onMessage)
    {
        lock (_gate)
        {
            _subscriptions.Add((destination, onMessage));
            Journal.Add($"subscribe {destination}");
        }

        return new Subscription(this, (destination, onMessage));
    }

    public ValueTask SendAsync(BusRequest request, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Sent.Add(request);
            Journal.Add($"send {request.Destination}");
        }

        OnSent(this, Body(request));
        return ValueTask.CompletedTask;
    }

    public async Task SendConfirmedAsync(BusRequest request, CancellationToken cancellationToken)
    {
        await SendAsync(request, cancellationToken);
        await Confirmed.WaitAsync(cancellationToken);
    }

    public void Deliver(string destination, string body)
    {
        List<Action<BusMessage>> handlers;
        lock (_gate)
        {
            handlers = [.. _subscriptions.Where(s => s.Destination == destination).Select(s => s.OnMessage)];
        }

        handlers.ForEach(h => h(new BusMessage(destination, Encoding.UTF8.GetBytes(body))));
    }

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }

    public static JsonElement Body(BusRequest request) => JsonDocument.Parse(request.Body).RootElement;

    private sealed class Subscription(FakeOpsBus bus, (string, Action<BusMessage>) entry) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            lock (bus._gate)
            {
                bus._subscriptions.Remove(entry);
            }

            return ValueTask.CompletedTask;
        }
    }
}
