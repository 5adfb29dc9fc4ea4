using System.Text.Json;
using Moq;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Handlers;

public sealed class HealthPingTests
{
    private readonly FakeTime _time = new();
    private readonly OperationalState _state = new();
    private readonly Mock<IWorkView> _work = new();
    private readonly Mock<IPauses> _pauses = new();

    public HealthPingTests() => _pauses.Setup(p => p.All).Returns([]);

    [Fact]
    public void A_pong_says_who_answers_and_what_waits()
    {
        _work.Setup(w => w.Counts).Returns(new WorkCounts(3, 2, 1, _time.GetUtcNow() - TimeSpan.FromSeconds(40)));
        _state.Started();
        _time.Advance(TimeSpan.FromSeconds(20));

        var reply = Assert.Single(Assert.IsType<Verdict.Answered>(Handle("""{"msg_type":"health_ping","reply_to":"/queue/pong.1"}""")).Replies);

        Assert.Equal("/queue/pong.1", reply.Destination);
        Assert.Equal(TimeSpan.FromSeconds(60), reply.Expires);
        var pong = JsonDocument.Parse(reply.Body).RootElement;
        Assert.Equal("pong", pong.GetProperty("msg_type").GetString());
        Assert.Equal("agent-1", pong.GetProperty("agent").GetString());
        Assert.Equal(4711, pong.GetProperty("pid").GetInt32());
        Assert.Equal("PROCESSING", pong.GetProperty("state").GetString());
        Assert.Equal(3, pong.GetProperty("queued").GetInt32());
        Assert.Equal(2, pong.GetProperty("running").GetInt32());
        Assert.Equal(60, pong.GetProperty("oldest_s").GetInt64());
        Assert.Equal(20, pong.GetProperty("uptime_s").GetInt64());
        Assert.False(pong.TryGetProperty("paused", out _));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-10)]
    public void A_clock_that_is_set_changes_nothing_about_how_long_it_is_up(int days)
    {
        _time.Advance(TimeSpan.FromSeconds(20));
        _time.Jump(TimeSpan.FromDays(days));

        var reply = Assert.Single(Assert.IsType<Verdict.Answered>(Handle("""{"msg_type":"health_ping","reply_to":"/queue/p"}""")).Replies);

        Assert.Equal(20, JsonDocument.Parse(reply.Body).RootElement.GetProperty("uptime_s").GetInt64());
    }

    [Fact]
    public void A_pong_names_what_is_paused()
    {
        _pauses.Setup(p => p.All).Returns([new PausedType(new MsgType("submit_task"), "alice", 1000, _time.GetUtcNow(), "")]);

        var reply = Assert.Single(Assert.IsType<Verdict.Answered>(Handle("{\"msg_type\":\"health_ping\",\"reply_to\":\"/queue/p\"}")).Replies);

        Assert.Equal("[\"submit_task\"]", JsonDocument.Parse(reply.Body).RootElement.GetProperty("paused").GetRawText());
    }

    [Theory]
    [InlineData("""{"msg_type":"health_ping"}""")]
    [InlineData("""{"msg_type":"health_ping","reply_to":""}""")]
    [InlineData("""{"msg_type":"health_ping","reply_to":7}""")]
    [InlineData("""{"msg_type":"health_ping","reply_to":"/queue/ops"}""")]
    public void Without_a_place_to_answer_to_it_is_refused(string body)
    {
        Assert.Contains("reply_to", Assert.IsType<Verdict.Refused>(Handle(body)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Control_alone_never_makes_the_agent_busy()
    {
        Assert.Equal("STARTING", _state.Current(default));
        _state.Started();
        Assert.Equal("READY", _state.Current(default));
        Assert.Equal("PROCESSING", _state.Current(new WorkCounts(0, 1, 0, null)));
        _state.Draining();
        Assert.Equal("DRAINING", _state.Current(new WorkCounts(0, 1, 0, null)));
    }

    private Verdict Handle(string body)
    {
        var identity = new AgentIdentity("agent-1", "prodops", 4711, "1.0", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), 0);
        var ping = new HealthPing(identity, _work.Object, _state, new ReplyDestinations(["/queue/ops"]), _pauses.Object, _time);
        return ping.Handle(new OpsMessage
        {
            MsgType = new MsgType("health_ping"),
            RequestId = new RequestId("r"),
            ReceivedAt = _time.GetUtcNow(),
            Body = JsonDocument.Parse(body).RootElement,
        });
    }
}
