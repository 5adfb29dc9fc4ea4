using OpsAgent.OpsCtl.Settings;
using OpsAgent.Stomp;

namespace OpsAgent.OpsCtl.Bus;

/// <summary>The broker by STOMP.</summary>
internal sealed class StompOpsBus : IOpsBus
{
    private static readonly TimeSpan GoodBye = TimeSpan.FromSeconds(2);

    private readonly BrokerSettings _settings;
    private readonly TimeProvider _time;
    private readonly StompClient _client;
    private volatile string _lastFailure = "no answer";

    public StompOpsBus(BrokerSettings settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        try
        {
            _client = new StompClient(new StompClientOptions
            {
                Endpoints = settings.Endpoints,
                ConnectTimeout = IOpsBus.ConnectTimeout,
                Login = settings.User,
                Passcode = settings.Password,
                Tls = settings.Tls is { } tls
                    ? new StompTlsOptions { CaFile = tls.CaFile, ClientCertificateFile = tls.CertificateFile, ClientKeyFile = tls.KeyFile }
                    : null,
            });
        }
        catch (ArgumentException e)
        {
            throw new OpsCtlException(ExitCode.Configuration, e.Message, "correct the broker's settings: opsctl --help names them", e);
        }

        _client.Changed += (_, change) => _lastFailure = change.Reason ?? _lastFailure;
    }

    public async Task ConnectAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        _client.Start();
        try
        {
            // A broker that swallows the connection must leave time for the next one.
            var all = timeout * _settings.Endpoints.Count;
            await _client.WaitConnectedAsync(cancellationToken).WaitAsync(all, _time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw Unreachable($"the broker at {_settings.Address} can't be reached: {_lastFailure}", e);
        }
    }

    public IAsyncDisposable Subscribe(string destination, Action<BusMessage> onMessage) =>
        new Subscription(_client.Subscribe(new StompSubscribeOptions { Destination = destination }, message =>
        {
            onMessage(new BusMessage(message.Destination, message.Body));
            return ValueTask.CompletedTask;
        }));

    public async ValueTask SendAsync(BusRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await _client.SendAsync(Outgoing(request), cancellationToken);
        }
        catch (StompException e)
        {
            throw Unreachable($"the connection to the broker at {_settings.Address} was lost: {_lastFailure}", e);
        }
    }

    public async Task SendConfirmedAsync(BusRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await _client.SendConfirmedAsync(Outgoing(request), cancellationToken);
        }
        catch (StompConnectionLostException e) when (e.Refusal is { } refusal)
        {
            throw new OpsCtlException(
                ExitCode.Negative, $"the broker refused the message: {refusal}", $"is this user allowed to write to {request.Destination}?", e);
        }
        catch (StompException e)
        {
            throw Unreachable($"the broker at {_settings.Address} did not confirm the message: {e.Message}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisconnectAsync(GoodBye);
        await _client.DisposeAsync();
    }

    private StompOutgoing Outgoing(BusRequest request) => new()
    {
        Destination = request.Destination,
        Body = request.Body,
        Headers = request.Lifetime is { } lifetime
            ? [new("expires", (_time.GetUtcNow() + lifetime).ToUnixTimeMilliseconds().ToString())]
            : [new("persistent", "true")],
    };

    private static OpsCtlException Unreachable(string message, Exception inner) =>
        new(
            ExitCode.Unreachable,
            message,
            "check --host, --port and the user (ACTIVEMQ_HOST, ACTIVEMQ_PORT, ACTIVEMQ_USER, ACTIVEMQ_PASSWORD), and that the broker runs",
            inner);

    private sealed class Subscription(StompSubscription inner) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => inner.UnsubscribeAsync();
    }
}
