using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Redaction;
using OpsAgent.Stomp;

namespace OpsAgent.Agent.Bus;

/// <summary>The bus over STOMP.</summary>
internal sealed partial class StompBus : IMessageBus, IDeliverySource, IAsyncDisposable
{
    private readonly BusOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<StompBus> _logger;
    private readonly StompClient _client;
    private readonly AckQueue _acks;
    private readonly ChangeThrottle _changes;
    private readonly QueueHolding? _holding;
    private readonly Redactor _redactor;
    private readonly BrokerClock _clock = new();
    private BusState _state;
    private volatile bool _stopping;
    private long _unnamedOn;
    private Action _onConnectionLost = static () => { };
    private Action<Delivery> _onDelivery = static _ => { };

    public StompBus(BusOptions options, TimeProvider time, ILoggerFactory loggers, QueueHolding? holding = null, Redactor? redactor = null)
    {
        var logger = loggers.CreateLogger<StompBus>();
        _options = options;
        _time = time;
        _holding = holding;
        _redactor = redactor ?? Redactor.OfShapes;
        _logger = logger;
        _client = new StompClient(options.Connection, loggers.CreateLogger<StompClient>(), time);
        _client.Changed += OnChanged;
        _acks = new AckQueue(_client, logger);
        _changes = new ChangeThrottle(time);
        _state = new BusState(false, "", time.GetUtcNow(), "");
    }

    public BusState State => _holding is { } holding
        ? Volatile.Read(ref _state) with { Holding = holding.Text, StandsBy = holding.StandsBy }
        : Volatile.Read(ref _state);

    public void Start(Action<Delivery> onDelivery, Action onConnectionLost)
    {
        _onConnectionLost = onConnectionLost;
        _onDelivery = onDelivery;
        var subscribe = new StompSubscribeOptions
        {
            Destination = _options.Queue,
            AckMode = StompAckMode.ClientIndividual,
            GoesFirst = static message => Pings.MayBeOne(message.Body.Span),
            Headers =
            [
                new("activemq.prefetchSize", _options.WindowMessages.ToString()),
                new("consumer-window-size", _options.WindowBytes.ToString()),
                .. _options.Exclusive ? (ReadOnlySpan<KeyValuePair<string, string>>)[new("activemq.exclusive", "true")] : [],
            ],
        };
        _holding?.Start(m => SendConfirmedAsync(m, CancellationToken.None), Listen);
        _client.Subscribe(subscribe, message =>
        {
            _holding?.Delivered(message.Connection);
            onDelivery(ToDelivery(message));
            return ValueTask.CompletedTask;
        });
        _client.Start();
    }

    public bool LoopTurns => _client.LoopTurns;

    public bool TryInject(Delivery delivery) => _client.TryRunInTurn(() => _onDelivery(delivery));

    public void Ack(Delivery delivery) => _acks.Add((StompMessage)delivery.Token);

    public void AckFirst(Delivery delivery) => _acks.WriteNow((StompMessage)delivery.Token);

    public Task WaitConnectedAsync(CancellationToken cancellationToken) => _client.WaitConnectedAsync(cancellationToken);

    public async ValueTask SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await _client.SendAsync(ToFrame(message), cancellationToken);
        }
        catch (StompException e)
        {
            throw Unavailable(e);
        }
    }

    public async Task SendConfirmedAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await _client.SendConfirmedAsync(ToFrame(message), cancellationToken);
        }
        catch (StompException e)
        {
            throw Unavailable(e);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        await _acks.FlushAsync(cancellationToken);
        await _client.DisconnectAsync(_options.DisconnectTimeout);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Changed -= OnChanged;
        await _client.DisposeAsync();
        await _acks.DisposeAsync();
    }

    private Func<ValueTask> Listen(string topic, Action<long, ReadOnlyMemory<byte>> onMessage) => _client.Subscribe(
        new StompSubscribeOptions { Destination = topic, AckMode = StompAckMode.Auto },
        message =>
        {
            onMessage(message.Connection, message.Body);
            return ValueTask.CompletedTask;
        }).UnsubscribeAsync;

    private static BusUnavailableException Unavailable(StompException e)
    {
        var lost = e as StompConnectionLostException;
        return new(e.Message, e) { Refusal = lost?.Refusal, BrokerError = lost?.BrokerError };
    }

    private StompOutgoing ToFrame(OutgoingMessage message)
    {
        var headers = new List<KeyValuePair<string, string>>(2);
        if (message.Persistent)
        {
            headers.Add(new("persistent", "true"));
        }

        if (message.ExpiresAt is { } expires)
        {
            headers.Add(new("expires", (expires.ToUnixTimeMilliseconds() + (long)_clock.Ahead.TotalMilliseconds).ToString()));
        }

        return new StompOutgoing { Destination = message.Destination, Body = message.Body, Headers = headers };
    }

    private Delivery ToDelivery(StompMessage message)
    {
        var timestamp = message.Headers.Get("timestamp");
        var (sentAt, receivedAt) = (BrokerTime.Parse(timestamp), _time.GetUtcNow());
        _clock.Observe(sentAt, receivedAt);
        return new Delivery
        {
            Id = DeliveryIdentity.Derive(message.MessageId, timestamp),
            Body = message.Body,
            TooLarge = message.BodyTooLarge,
            FrameBytes = message.FrameBytes,
            SentAt = sentAt,
            ReceivedAt = receivedAt,
            BrokerUser = _options.VouchesForSenders ? UserOf(message) : null,
            Headers = message.Headers.All,
            HeadersDropped = message.HeadersDropped,
            Token = message,
        };
    }

    // On the receive path alone.
    private string? UserOf(StompMessage message)
    {
        if (_unnamedOn != message.Connection && !message.HeadersDropped && !VouchedUser.IsNamed(message.Headers.All))
        {
            _unnamedOn = message.Connection;
            LogUnnamed(_options.Queue);
        }

        return VouchedUser.Of(message.Headers.All, message.HeadersDropped);
    }

    private void OnChanged(object? sender, StompConnectionChange change)
    {
        var endpoint = $"{change.Endpoint.Host}:{change.Endpoint.Port}";
        var connected = change.Kind == StompChangeKind.Connected;
        // A broker may tell again what it was sent.
        var reason = change.Reason is { } told ? _redactor.Text(told) : State.LastError;
        Volatile.Write(ref _state, new BusState(connected, endpoint, _time.GetUtcNow(), reason));
        if (connected)
        {
            _holding?.Connected();
        }
        else if (change.Kind == StompChangeKind.Disconnected)
        {
            _holding?.Lost();
            _onConnectionLost();
        }

        if (connected ? _changes.MayTell(out var untold) : change.Kind == StompChangeKind.Disconnected && !_stopping && _changes.MayTell(out untold))
        {
            Tell(change, endpoint, untold);
        }
    }

    private void Tell(StompConnectionChange change, string endpoint, int untold)
    {
        if (untold > 0)
        {
            LogUntold(untold);
        }

        if (change.Kind == StompChangeKind.Connected)
        {
            LogConnected(endpoint, change.Version ?? "", change.Server ?? "", _options.Queue);
        }
        else
        {
            LogDisconnected(endpoint, change.Reason ?? "");
        }
    }
}
