using OpsAgent.Agent.Launching;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Launching;

public sealed class RunLimitsTests
{
    private readonly FakeTime _time = new();
    private long _lastByte;

    [Fact]
    public async Task The_whole_runs_limit_is_reached_at_its_time_and_not_before()
    {
        using var limits = Limits(TimeSpan.FromSeconds(180), null);
        _time.Advance(TimeSpan.FromSeconds(179.9));
        Assert.False(limits.Reached.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(EndCause.TimedOut, await limits.Reached);
    }

    [Fact]
    public async Task Silence_is_counted_from_the_last_byte()
    {
        _lastByte = _time.GetTimestamp();
        using var limits = Limits(TimeSpan.FromHours(1), TimeSpan.FromSeconds(10));
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(9));
            _lastByte = _time.GetTimestamp();
        }

        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(limits.Reached.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(EndCause.Silent, await limits.Reached);
    }

    [Fact]
    public async Task The_first_cause_is_the_one_that_is_told()
    {
        using var cancel = new CancellationTokenSource();
        using var limits = Limits(TimeSpan.FromSeconds(5), null, cancel.Token);
        await cancel.CancelAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(EndCause.Cancelled, await limits.Reached);
    }

    [Theory]
    [InlineData(-0.001)]
    [InlineData(1e9)]
    public void Without_a_limit_a_run_may_take_for_ever(double seconds)
    {
        using var limits = Limits(TimeSpan.FromSeconds(seconds), null);
        _time.Advance(TimeSpan.FromDays(1000));
        Assert.False(limits.Reached.IsCompleted);
    }

    [Fact]
    public void No_clock_runs_on_when_the_run_is_over()
    {
        Limits(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1)).Dispose();
        Assert.Equal(0, _time.ArmedTimers);
    }

    private RunLimits Limits(TimeSpan whole, TimeSpan? silence, CancellationToken cancellation = default) =>
        new(_time, whole, silence, () => _lastByte, cancellation);
}
