using OpsAgent.Agent.Monitor;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Monitor;

public sealed class HeartbeatPacerTests
{
    private static readonly HeartbeatFacts Ready = new("READY", true);
    private static readonly HeartbeatFacts Busy = new("PROCESSING", true);

    private readonly FakeTime _time = new();
    private readonly HeartbeatPacer _pacer;

    public HeartbeatPacerTests()
    {
        _pacer = new HeartbeatPacer(_time);
    }

    [Fact]
    public void The_first_is_due_at_once()
    {
        Assert.True(_pacer.IsDue(Ready));
    }

    [Fact]
    public void Without_a_change_the_next_is_due_after_a_minute()
    {
        Tell(Ready);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(_pacer.IsDue(Ready));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_pacer.IsDue(Ready));
    }

    [Fact]
    public void A_change_after_a_quiet_time_is_due_at_once()
    {
        Tell(Ready);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(_pacer.IsDue(Busy));
        Assert.True(_pacer.IsDue(Ready with { Connected = false }));
    }

    [Fact]
    public void Changes_within_five_seconds_are_merged_and_the_last_wins()
    {
        Tell(Ready);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(_pacer.IsDue(Busy));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(_pacer.IsDue(Ready));
        Assert.True(_pacer.IsDue(Busy));
    }

    [Fact]
    public void After_failures_it_is_tried_later_and_later_and_at_least_once_a_minute()
    {
        foreach (var seconds in (int[])[10, 20, 40, 60, 60])
        {
            _pacer.Began();
            _pacer.Failed();
            _time.Advance(TimeSpan.FromSeconds(seconds - 1));
            Assert.False(_pacer.IsDue(Ready));
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(_pacer.IsDue(Ready));
        }

        Tell(Ready);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(_pacer.IsDue(Busy));
    }

    private void Tell(HeartbeatFacts facts)
    {
        _pacer.Began();
        _pacer.Taken(facts);
    }
}
