using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Support;

public sealed class FakeTimeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTime _time = new();
    private readonly List<TimeSpan> _fired = [];
    private readonly DateTimeOffset _start;

    public FakeTimeTests() => _start = _time.GetUtcNow();

    [Fact]
    public void The_clock_stands_still_until_it_is_moved()
    {
        Assert.Equal(_start, _time.GetUtcNow());
        var before = _time.GetTimestamp();
        _time.Advance(3 * Second);
        Assert.Equal(_start + (3 * Second), _time.GetUtcNow());
        Assert.Equal(3 * Second, _time.GetElapsedTime(before));
    }

    [Fact]
    public void The_clock_starts_where_a_test_says()
    {
        var start = new DateTimeOffset(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(start, new FakeTime(start).GetUtcNow());
    }

    [Fact]
    public void A_timer_fires_once_when_its_moment_comes_and_not_before()
    {
        using var timer = Record(2 * Second, Timeout.InfiniteTimeSpan);
        _time.Advance(2 * Second - TimeSpan.FromTicks(1));
        Assert.Empty(_fired);
        Assert.Equal(1, _time.ArmedTimers);
        _time.Advance(TimeSpan.FromTicks(1));
        _time.Advance(10 * Second);
        Assert.Equal([2 * Second], _fired);
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact]
    public void A_periodic_timer_fires_at_each_of_its_moments_within_one_advance()
    {
        using var timer = Record(Second, 2 * Second);
        _time.Advance(6 * Second);
        Assert.Equal([Second, 3 * Second, 5 * Second], _fired);
        Assert.Equal(_start + (6 * Second), _time.GetUtcNow());
    }

    [Fact]
    public void Timers_fire_in_the_order_of_their_moments()
    {
        using var late = Record(3 * Second, Timeout.InfiniteTimeSpan);
        using var early = Record(Second, Timeout.InfiniteTimeSpan);
        _time.Advance(5 * Second);
        Assert.Equal([Second, 3 * Second], _fired);
    }

    [Fact]
    public void A_timer_that_was_disposed_or_disarmed_does_not_fire()
    {
        using var disarmed = Record(Second, Timeout.InfiniteTimeSpan);
        disarmed.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Record(Second, Timeout.InfiniteTimeSpan).Dispose();
        _time.Advance(5 * Second);
        Assert.Empty(_fired);
    }

    [Fact]
    public void A_timer_that_is_changed_counts_from_now()
    {
        using var timer = Record(5 * Second, Timeout.InfiniteTimeSpan);
        _time.Advance(4 * Second);
        timer.Change(5 * Second, Timeout.InfiniteTimeSpan);
        _time.Advance(10 * Second);
        Assert.Equal([9 * Second], _fired);
    }

    [Fact]
    public void A_timer_armed_by_another_one_fires_within_the_same_advance()
    {
        ITimer? second = null;
        using var first = _time.CreateTimer(
            _ => second = Record(Second, Timeout.InfiniteTimeSpan), null, Second, Timeout.InfiniteTimeSpan);
        _time.Advance(2 * Second);
        Assert.Equal([2 * Second], _fired);
        second!.Dispose();
    }

    [Fact]
    public async Task A_delay_of_the_runtime_ends_when_the_clock_is_moved_past_it()
    {
        var delay = Task.Delay(10 * Second, _time, CancellationToken.None);
        _time.Advance(9 * Second);
        Assert.False(delay.IsCompleted);
        _time.Advance(Second);
        await delay.WaitAsync(Eventually.Limit, TimeProvider.System);
    }

    private ITimer Record(TimeSpan due, TimeSpan period) =>
        _time.CreateTimer(_ => _fired.Add(_time.GetUtcNow() - _start), null, due, period);
}
