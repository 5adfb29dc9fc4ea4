using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;

namespace OpsAgent.Tests.Unit.Stomp;

/// <summary>A client against scripted servers, and all that it said.</summary>
internal sealed class ClientUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan NoHeartBeat = TimeSpan.Zero;

    public ClientUnderTest(IReadOnlyList<ScriptedStompServer> servers, TimeProvider? time = null, Func<StompClientOptions, StompClientOptions>? change = null)
    {
        var options = new StompClientOptions
        {
            Endpoints = [.. servers.Select(s => new StompEndpoint("127.0.0.1", s.Port))],
            HeartBeatSend = NoHeartBeat,
            HeartBeatReceive = NoHeartBeat,
            ConnectTimeout = Eventually.Limit,
            WriteTimeout = Eventually.Limit,
        };
        Log = new RecordingLogger();
        Client = new StompClient(change?.Invoke(options) ?? options, Log, time);
        Client.Changed += (_, change) => Changes.Enqueue(change);
    }

    public StompClient Client { get; }

    public RecordingLogger Log { get; }

    public ConcurrentQueue<StompConnectionChange> Changes { get; } = new();

    public ConcurrentQueue<StompMessage> Messages { get; } = new();

    public static ClientUnderTest Started(ScriptedStompServer server, TimeProvider? time = null, Func<StompClientOptions, StompClientOptions>? change = null)
    {
        var under = new ClientUnderTest([server], time, change);
        under.Client.Start();
        return under;
    }

    /// <summary>Subscribes so that messages are kept for the test.</summary>
    public StompSubscription Subscribe(StompAckMode mode = StompAckMode.ClientIndividual, string destination = "/queue/a") => Client.Subscribe(
        new StompSubscribeOptions { Destination = destination, AckMode = mode },
        message =>
        {
            Messages.Enqueue(message);
            return ValueTask.CompletedTask;
        });

    public Task<StompConnectionChange> SeesAsync(StompChangeKind kind, int times = 1) => Eventually.IsAsync(
        () => Changes.Where(c => c.Kind == kind).Skip(times - 1).FirstOrDefault(),
        $"{kind}, {times} times; seen: {string.Join(", ", Changes)}");

    public async Task<StompMessage> ReceivesAsync(int number = 1)
    {
        await Eventually.HoldsAsync(() => Messages.Count >= number, $"message {number}");
        return Messages.ElementAt(number - 1);
    }

    public ValueTask DisposeAsync() => Client.DisposeAsync();
}

internal sealed class RecordingLogger : ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    public IReadOnlyList<string> At(LogLevel level) => [.. _lines.Where(l => l.Level == level).Select(l => l.Text)];

    public IReadOnlyList<string> All => [.. _lines.Select(l => l.Text)];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((logLevel, $"{formatter(state, exception)} {exception}"));
}
