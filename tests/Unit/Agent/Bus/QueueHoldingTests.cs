using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Bus;

public sealed class QueueHoldingTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly List<OutgoingMessage> _pings = [];
    private Action<ReadOnlyMemory<byte>> _pong = static _ => { };
    private string? _refusal;
    private QueueHolding _holding;

    public QueueHoldingTests() => _holding = Make(hasStandby: false);

    public void Dispose() => _holding.Dispose();

    [Fact]
    public void A_delivery_says_that_the_queue_is_ours_and_nobody_is_asked()
    {
        var earlier = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMinutes(1));
        _holding.Connected();
        _holding.Delivered(1);

        Assert.Equal(QueueClaim.Own, _holding.Decide(earlier).Claim);
        _time.Advance(QueueHolding.BetweenAsks * 3);
        Assert.Empty(_pings);
        Assert.StartsWith("held since 2026-01-01 00:01:00Z", _holding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_connection_work_waits_and_the_first_connection_is_asked_at_once()
    {
        var received = _time.GetUtcNow();
        Assert.Equal(QueueClaim.Unknown, _holding.Decide(received).Claim);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(_pings);

        _holding.Connected();
        _time.Advance(TimeSpan.Zero);
        var ping = Assert.Single(_pings);
        Assert.Equal(("/queue/epicprod.ops", false), (ping.Destination, ping.Persistent));
        Assert.Equal("health_ping", JsonElement.Parse(ping.Body.Span).GetProperty("msg_type").GetString());
        Assert.Equal(QueueClaim.Unknown, _holding.Decide(received).Claim);

        _holding.Delivered(1);
        Assert.Equal(QueueClaim.Own, _holding.Decide(received).Claim);
    }

    [Fact]
    public void Another_agent_s_answer_puts_what_waited_into_doubt_and_not_what_comes_after_it()
    {
        _holding.Connected();
        var received = _time.GetUtcNow();
        Assert.Equal(QueueClaim.Unknown, _holding.Decide(received).Claim);
        _time.Advance(TimeSpan.Zero);
        Answer("prodops-agent-x-7", 99);

        var holding = _holding.Decide(received);
        Assert.Equal((QueueClaim.Other, "prodops-agent-x-7 (pid 99) held the queue while it waited here"), (holding.Claim, holding.Reason));
        Assert.True(_holding.StandsBy);
        Assert.StartsWith("STANDBY: prodops-agent-x-7 (pid 99)", _holding.Text, StringComparison.Ordinal);

        // The other one goes, and this one gets the next request.
        _time.Advance(TimeSpan.FromSeconds(1));
        _holding.Delivered(1);
        Assert.False(_holding.StandsBy);
        Assert.Equal(QueueClaim.Own, _holding.Decide(_time.GetUtcNow()).Claim);
    }

    [Fact]
    public void An_agent_of_the_same_name_and_pid_elsewhere_is_another_one()
    {
        _holding.Connected();
        var received = _time.GetUtcNow();
        Assert.Equal(QueueClaim.Unknown, _holding.Decide(received).Claim);
        _time.Advance(TimeSpan.Zero);
        Answer("us", 1);
        Assert.Equal(QueueClaim.Other, _holding.Decide(received).Claim);
    }

    [Fact]
    public void Our_own_answer_to_our_own_ping_changes_nothing()
    {
        var received = _time.GetUtcNow();
        _holding.Connected();
        _time.Advance(QueueHolding.BetweenAsks);
        Assert.Single(_pings);
        _holding.Delivered(1);
        Answer("us", 1);
        _pong("no pong at all"u8.ToArray());
        Assert.Equal(QueueClaim.Own, _holding.Decide(received).Claim);
    }

    [Fact]
    public void After_a_lost_connection_it_is_not_ours_until_it_is_seen_again()
    {
        _holding.Connected();
        _holding.Delivered(1);
        _holding.Lost();
        var received = _time.GetUtcNow();
        Assert.Equal(QueueClaim.Unknown, _holding.Decide(received).Claim);
        Assert.Equal(QueueClaim.Unknown, _holding.Decide(received).Claim);

        _holding.Connected();
        _holding.Delivered(1); // what the lost connection had brought is handed over late
        Assert.Equal(QueueClaim.Unknown, _holding.Decide(received).Claim);
        _holding.Delivered(2);
        Assert.Equal(QueueClaim.Own, _holding.Decide(received).Claim);
    }

    [Fact]
    public void Where_others_are_known_to_stand_by_what_waited_through_an_absence_is_in_doubt()
    {
        _holding.Dispose();
        _holding = Make(hasStandby: true);
        var before = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(1));
        _holding.Connected();
        _holding.Delivered(1);
        Assert.Equal(QueueClaim.Other, _holding.Decide(before).Claim);
        Assert.Equal(QueueClaim.Own, _holding.Decide(_time.GetUtcNow()).Claim);
    }

    [Fact]
    public void A_silent_queue_is_asked_once_a_connection_and_again_while_work_waits()
    {
        _holding.Connected();
        _time.Advance(QueueHolding.BetweenAsks * 10);
        Assert.Single(_pings);
        _holding.Decide(_time.GetUtcNow());
        _time.Advance(TimeSpan.Zero);
        Assert.Equal(2, _pings.Count);
        _holding.Lost();
        _holding.Connected();
        for (var i = 0; i < 4; i++)
        {
            _holding.Decide(_time.GetUtcNow());
            _time.Advance(QueueHolding.BetweenAsks);
        }

        Assert.InRange(_pings.Count, 6, 7);
    }

    [Fact]
    public void A_ping_that_the_broker_refuses_is_not_tried_again()
    {
        _refusal = "not authorized";
        _holding.Connected();
        _holding.Decide(_time.GetUtcNow());
        _time.Advance(QueueHolding.BetweenAsks * 10);
        _holding.Lost();
        _holding.Connected();
        _time.Advance(QueueHolding.BetweenAsks * 10);
        Assert.Single(_pings);
    }

    private QueueHolding Make(bool hasStandby)
    {
        var options = new BusOptions
        {
            Queue = "/queue/epicprod.ops",
            Connection = new StompClientOptions { Endpoints = [new StompEndpoint("127.0.0.1", 1)] },
            HasStandby = hasStandby,
        };
        var holding = new QueueHolding("us", 1, options, _time, NullLogger<QueueHolding>.Instance);
        holding.Start(
            ping =>
            {
                _pings.Add(ping);
                return _refusal is null
                    ? Task.CompletedTask
                    : Task.FromException(new BusUnavailableException("refused", new InvalidOperationException()) { Refusal = _refusal });
            },
            (topic, onMessage) =>
            {
                Assert.StartsWith("/topic/epicprod.ops.holder.", topic, StringComparison.Ordinal);
                _pong = onMessage;
            });
        return holding;
    }

    private void Answer(string agent, int pid) =>
        _pong(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { msg_type = "pong", agent, pid })));
}
