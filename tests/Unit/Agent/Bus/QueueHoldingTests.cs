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
    private Action<long, ReadOnlyMemory<byte>> _pong = static (_, _) => { };
    private BusUnavailableException? _failure;
    private int _listens;
    private int _listening;
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
    public void Our_own_answer_that_comes_after_a_reconnect_is_no_other_agent_s()
    {
        var received = _time.GetUtcNow();
        _holding.Connected();
        _time.Advance(QueueHolding.BetweenAsks);
        _holding.Delivered(1);
        _holding.Lost();
        _holding.Connected();
        Answer("us", 1);
        Answer("us", 1, connection: 2);
        Assert.False(_holding.StandsBy);
        Assert.Equal(QueueClaim.Unknown, _holding.Decide(received).Claim);
    }

    [Fact]
    public void Another_agent_s_answer_on_an_earlier_connection_tells_nothing_of_this_one()
    {
        _holding.Connected();
        var received = _time.GetUtcNow();
        _holding.Decide(received);
        _time.Advance(TimeSpan.Zero);
        _holding.Lost();
        Answer("prodops-agent-x-7", 99);
        Assert.Equal(QueueClaim.Unknown, _holding.Decide(received).Claim);
        _holding.Connected();
        Answer("prodops-agent-x-7", 99);
        Assert.False(_holding.StandsBy);
        Assert.Equal(QueueClaim.Unknown, _holding.Decide(received).Claim);
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
        _pong(1, "no pong at all"u8.ToArray());
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
        _failure = Failure(refusal: "not authorized");
        Reconnect(3);
        Assert.Single(_pings);
        Assert.Equal((1, 0), (_listens, _listening));
    }

    [Fact]
    public void An_answer_s_topic_that_the_broker_refuses_costs_one_connection_and_is_left()
    {
        _failure = Failure(brokerError: "not authorized");
        Reconnect(3);
        Assert.Single(_pings);
        Assert.Equal((1, 0), (_listens, _listening));
    }

    [Fact]
    public void Connections_that_end_at_the_first_ping_are_lost_to_it_a_few_times_and_no_more()
    {
        _failure = Failure();
        Reconnect(2);
        Assert.Equal(QueueClaim.Unknown, _holding.Decide(_time.GetUtcNow()).Claim);
        Reconnect(4);
        Assert.Equal((3, 3, 0), (_pings.Count, _listens, _listening));
        Assert.Equal(QueueClaim.Own, _holding.Decide(_time.GetUtcNow()).Claim);
    }

    [Fact]
    public void A_lost_ping_between_good_ones_is_no_refusal()
    {
        for (var i = 0; i < 6; i++)
        {
            _failure = i % 2 == 0 ? Failure() : null;
            Reconnect(1);
        }

        Assert.Equal(6, _pings.Count);
        Assert.Equal(QueueClaim.Unknown, _holding.Decide(_time.GetUtcNow()).Claim);
    }

    [Theory]
    [InlineData(false, (int)QueueClaim.Own)]
    [InlineData(true, (int)QueueClaim.Unknown)]
    public void Where_nobody_can_be_asked_an_agent_that_is_said_to_be_alone_holds_the_queue(bool hasStandby, int expected)
    {
        _holding.Dispose();
        _holding = Make(hasStandby);
        _failure = Failure(refusal: "not authorized");
        var received = _time.GetUtcNow();
        Assert.Equal(QueueClaim.Unknown, _holding.Decide(received).Claim);
        Reconnect(1);
        Assert.Equal((QueueClaim)expected, _holding.Decide(received).Claim);
    }

    [Theory]
    [InlineData(false, 0, (int)QueueClaim.Own)]
    [InlineData(true, 1, (int)QueueClaim.Unknown)]
    public void A_queue_that_is_not_exclusive_is_asked_for_only_where_others_stand_by(bool hasStandby, int pings, int expected)
    {
        _holding.Dispose();
        _holding = Make(hasStandby, exclusive: false);
        Assert.Equal((QueueClaim)expected, _holding.Decide(_time.GetUtcNow()).Claim);
        _holding.Connected();
        _time.Advance(QueueHolding.BetweenAsks);
        Assert.Equal((pings, pings), (_pings.Count, _listens));
        Assert.Equal((QueueClaim)expected, _holding.Decide(_time.GetUtcNow()).Claim);
    }

    [Fact]
    public void A_clock_that_is_set_back_puts_nothing_into_doubt_that_came_after_another_agent_s_answer()
    {
        _holding.Connected();
        var before = _time.GetUtcNow();
        _holding.Decide(before);
        _time.Advance(TimeSpan.FromSeconds(1));
        Answer("prodops-agent-x-7", 99);
        _time.Advance(TimeSpan.FromSeconds(1));
        _holding.Delivered(1);
        _time.Jump(TimeSpan.FromHours(-1));
        Assert.Equal(QueueClaim.Own, _holding.Decide(_time.GetUtcNow()).Claim);
        Assert.Equal(QueueClaim.Other, _holding.Decide(before).Claim);
    }

    [Fact]
    public void A_clock_that_is_set_back_puts_nothing_into_doubt_that_came_since_the_queue_is_ours()
    {
        _holding.Dispose();
        _holding = Make(hasStandby: true);
        var before = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(1));
        _holding.Connected();
        _holding.Delivered(1);
        _time.Jump(TimeSpan.FromHours(-1));
        Assert.Equal(QueueClaim.Own, _holding.Decide(_time.GetUtcNow()).Claim);
        Assert.Equal(QueueClaim.Other, _holding.Decide(before).Claim);
    }

    /// <summary>Connections on which work waits and nothing comes, each ended by what a ping meets.</summary>
    private void Reconnect(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _holding.Connected();
            _holding.Decide(_time.GetUtcNow());
            _time.Advance(TimeSpan.Zero);
            _holding.Lost();
        }
    }

    private static BusUnavailableException Failure(string? refusal = null, string? brokerError = null) =>
        new("the connection ended", new InvalidOperationException()) { Refusal = refusal, BrokerError = brokerError };

    private QueueHolding Make(bool hasStandby, bool exclusive = true)
    {
        var options = new BusOptions
        {
            Queue = "/queue/epicprod.ops",
            Connection = new StompClientOptions { Endpoints = [new StompEndpoint("127.0.0.1", 1)] },
            HasStandby = hasStandby,
            Exclusive = exclusive,
        };
        var holding = new QueueHolding("us", 1, options, _time, NullLogger<QueueHolding>.Instance);
        holding.Start(
            ping =>
            {
                _pings.Add(ping);
                return _failure is null ? Task.CompletedTask : Task.FromException(_failure);
            },
            (topic, onMessage) =>
            {
                Assert.StartsWith("/topic/epicprod.ops.holder.", topic, StringComparison.Ordinal);
                _pong = onMessage;
                _listens++;
                _listening++;
                return () =>
                {
                    _listening--;
                    return ValueTask.CompletedTask;
                };
            });
        return holding;
    }

    private void Answer(string agent, int pid, long connection = 1) =>
        _pong(connection, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { msg_type = "pong", agent, pid })));
}
