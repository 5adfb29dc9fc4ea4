using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Bus;

public sealed class BrokerUserTests
{
    [Theory]
    [InlineData(true, "ops")]
    [InlineData(false, null)]
    public async Task The_user_of_a_frame_is_believed_only_where_the_broker_is_known_to_vouch_for_it(bool vouches, string? user)
    {
        await using var server = new ScriptedStompServer();
        var options = new BusOptions
        {
            Queue = "/queue/a",
            VouchesForSenders = vouches,
            Connection = new StompClientOptions { Endpoints = [new StompEndpoint("127.0.0.1", server.Port)] },
        };
        await using var bus = new StompBus(options, TimeProvider.System, NullLoggerFactory.Instance);
        var deliveries = new ConcurrentQueue<Delivery>();
        bus.Start(deliveries.Enqueue, static () => { });
        var connection = await server.GrantAsync();
        var subscription = await connection.ExpectAsync("SUBSCRIBE");

        await connection.SendMessageAsync(subscription["id"]!, "1", "{}", "/queue/a", ("JMSXUserID", "ops"), ("ops-key", "a"), ("ops-key", "b"));
        await connection.SendMessageAsync(subscription["id"]!, "2", "{}", "/queue/a", ("JMSXUserID", "ops"), ("JMSXUserID", "webtier"));

        await Eventually.HoldsAsync(() => deliveries.Count == 2, "both");
        var (first, second) = (deliveries.First(), deliveries.Last());
        Assert.Equal((user, null), (first.BrokerUser, second.BrokerUser));
        Assert.Equal(["a", "b"], first.Headers.Where(static h => h.Key == "ops-key").Select(static h => h.Value));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task A_broker_that_is_said_to_vouch_and_does_not_is_told_of_once_a_connection(bool vouches, int told)
    {
        await using var server = new ScriptedStompServer();
        var options = new BusOptions
        {
            Queue = "/queue/a",
            VouchesForSenders = vouches,
            Connection = new StompClientOptions { Endpoints = [new StompEndpoint("127.0.0.1", server.Port)] },
        };
        using var lines = new Lines();
        await using var bus = new StompBus(options, TimeProvider.System, lines);
        var deliveries = new ConcurrentQueue<Delivery>();
        bus.Start(deliveries.Enqueue, static () => { });
        var connection = await server.GrantAsync();
        var subscription = await connection.ExpectAsync("SUBSCRIBE");

        await connection.SendMessageAsync(subscription["id"]!, "1", "{}", "/queue/a", ("JMSXUserID", "ops"));
        await connection.SendMessageAsync(subscription["id"]!, "2", "{}", "/queue/a", ("JMSXUserID", "ops"), ("JMSXUserID", "webtier"));
        await Eventually.HoldsAsync(() => deliveries.Count == 2, "both");
        Assert.Empty(lines.Unnamed);

        await connection.SendMessageAsync(subscription["id"]!, "3", "{}", "/queue/a");
        await connection.SendMessageAsync(subscription["id"]!, "4", "{}", "/queue/a", ("jmsxuserid", "ops"));
        await Eventually.HoldsAsync(() => deliveries.Count == 4, "all four");

        Assert.Equal(told, lines.Unnamed.Count());
        Assert.All(deliveries.Skip(2), static d => Assert.Null(d.BrokerUser));
    }

    /// <summary>Keeps what is logged, of whatever category.</summary>
    private sealed class Lines : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> _all = new();

        public IEnumerable<string> Unnamed => _all.Where(static l => l.Contains("no sender's login (JMSXUserID)", StringComparison.Ordinal));

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _all.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
