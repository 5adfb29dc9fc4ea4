using OpsAgent.Agent.Events;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Events;

public sealed class OutboxAgesTests
{
    private readonly FakeTime _time = new();
    private readonly OutboxAges _ages;

    private TimeSpan Now => TimeSpan.FromTicks(_time.GetTimestamp());

    public OutboxAgesTests() => _ages = new OutboxAges(_time);

    [Fact]
    public void What_was_there_at_the_first_look_has_no_known_age()
    {
        _ages.Committed(7);
        _time.Advance(TimeSpan.FromSeconds(5));
        _ages.Committed(8);

        Assert.Null(_ages.Of(7));
        Assert.Equal(TimeSpan.Zero, _ages.Of(8));
    }

    [Fact]
    public void An_age_is_a_second_too_much_at_most_and_never_too_little()
    {
        _ages.Committed(0);
        var made = new List<TimeSpan>();
        for (var id = 1; id <= 500; id++)
        {
            _ages.Committed(id);
            made.Add(Now);
            _time.Advance(TimeSpan.FromMilliseconds(id * 7 % 1_300));
        }

        for (var id = 1; id <= 500; id++)
        {
            Assert.InRange(_ages.Of(id)!.Value, Now - made[id - 1], Now - made[id - 1] + TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public void It_keeps_so_many_seconds_and_what_is_older_is_old_for_good()
    {
        _ages.Committed(0);
        for (var id = 1; id <= OutboxAges.MaxSteps + 1; id++)
        {
            _ages.Committed(id);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(TimeSpan.MaxValue, _ages.Of(1));
        Assert.Equal(TimeSpan.FromSeconds(OutboxAges.MaxSteps), _ages.Of(2));
    }
}
