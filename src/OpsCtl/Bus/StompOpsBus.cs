using System.Collections.Concurrent;
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
    private readonly TaskCompletionSource _hopeless = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<StompEndpoint, string> _failures = new();
    private volatile string _lastFailure;
    private int _finalInARow;

    public StompOpsBus(BrokerSettings settings, TimeProvider time)
    {
        _settings = settings;
        _lastFailure = $"no answer within {settings.ConnectTimeout.TotalSeconds:0} s";
        _time = time;
        try
        {
            _client = new StompClient(new StompClientOptions
            {
                Endpoints = settings.Endpoints,
                ConnectTimeout = settings.ConnectTimeout,
                Login = settings.User,
                Passcode = settings.Password,
                Tls = settings.Tls is { } tls
                    ? new StompTlsOptions { CaFile = tls.CaFile, ClientCertificateFile = tls.CertificateFile, ClientKeyFile = tls.KeyFile }
                    : null,
            });
        }
        catch (ArgumentException e)
        {
            throw new OpsCtlException(ExitCode.Configuration, e.Message, "correct the broker's settings; TLS files are those of --ca-file, --cert-file and --key-file, in PEM", e);
        }

        _client.Changed += (_, change) => Follow(change);
    }

    public Action<BusChange>? OnChange { get; set; }

    public async Task ConnectAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        _client.Start();
        try
        {
            // A broker that swallows the connection must leave time for the next one.
            var all = timeout * _settings.Endpoints.Count;
            var first = await Task.WhenAny(_client.WaitConnectedAsync(cancellationToken), _hopeless.Task)
                .WaitAsync(all, _time, cancellationToken);
            await first;
        }
        catch (TimeoutException e)
        {
            throw Unreachable($"the broker at {_settings.Address} can't be reached: {Failures}", e);
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
        // A connection that is ended here is not lost.
        OnChange = null;
        await _client.DisconnectAsync(GoodBye);
        await _client.DisposeAsync();
    }

    private StompOutgoing Outgoing(BusRequest request) => new()
    {
        Destination = request.Destination,
        Body = request.Body,
        Headers = [.. Headers(request)],
    };

    private IEnumerable<KeyValuePair<string, string>> Headers(BusRequest request)
    {
        if (request.Persistent)
        {
            yield return new("persistent", "true");
        }

        if (request.Lifetime is { } lifetime)
        {
            yield return new("expires", (_time.GetUtcNow() + lifetime).ToUnixTimeMilliseconds().ToString());
        }

        foreach (var header in request.Signer?.Sign(request, _time.GetUtcNow()) ?? [])
        {
            yield return header;
        }
    }

    /// <summary>The last of each broker: with several it is not the last one alone that matters.</summary>
    private string Failures =>
        _failures.Count > 1 ? string.Join("; ", _failures.Select(static f => $"{f.Key}: {f.Value}").Order(StringComparer.Ordinal)) : _lastFailure;

    private void Follow(StompConnectionChange change)
    {
        switch (change.Kind)
        {
            case StompChangeKind.Connected:
                OnChange?.Invoke(new BusChange(true, $"connected to {change.Endpoint}"));
                break;
            case StompChangeKind.ConnectFailed when change.Reason is { } reason:
                _failures[change.Endpoint] = _lastFailure = reason;
                GiveUpIfHopeless(reason);
                OnChange?.Invoke(new BusChange(false, $"{change.Endpoint}: {reason}"));
                break;
            case StompChangeKind.Disconnected:
                _lastFailure = change.Reason ?? _lastFailure;
                OnChange?.Invoke(new BusChange(false, $"the connection to {change.Endpoint} was lost: {_lastFailure}"));
                break;
        }
    }

    /// <summary>A wrong password stays wrong: nobody waits ten seconds to be told so, once every broker has said the like.</summary>
    private void GiveUpIfHopeless(string reason)
    {
        _finalInARow = BrokerFailure.Of(reason, _settings).IsFinal ? _finalInARow + 1 : 0;
        if (_finalInARow >= _settings.Endpoints.Count)
        {
            _hopeless.TrySetException(new TimeoutException(reason));
        }
    }

    private OpsCtlException Unreachable(string message, Exception inner) =>
        new(ExitCode.Unreachable, message, BrokerFailure.Of(_lastFailure, _settings).Advice, inner);

    private sealed class Subscription(StompSubscription inner) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => inner.UnsubscribeAsync();
    }
}
