using OpsAgent.Agent.Events;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Events;

public sealed class RowAgesTests
{
    private readonly FakeTime _time = new();
    private readonly OutboxAges _ages;

    private TimeSpan Now => TimeSpan.FromTicks(_time.GetTimestamp());

    public RowAgesTests() => _ages = new OutboxAges(_time);

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
    public void What_was_old_when_it_was_stored_is_so_much_older()
    {
        _ages.Committed(0);
        _ages.Committed(1, TimeSpan.FromMinutes(10));
        _ages.Committed(2);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(TimeSpan.FromSeconds(605), _ages.Of(1));
        Assert.Equal(TimeSpan.FromSeconds(5), _ages.Of(2));
    }

    [Fact]
    public void It_keeps_so_many_moments_and_tells_old_ages_less_exactly()
    {
        const int Days = 3;
        _ages.Committed(0);
        for (var id = 1; id <= Days * 86_400; id++)
        {
            _ages.Committed(id);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        for (var id = 1; id <= Days * 86_400; id += 1_000)
        {
            var age = TimeSpan.FromSeconds((Days * 86_400) - id + 1);
            Assert.InRange(_ages.Of(id)!.Value, age, age + TimeSpan.FromSeconds(1) + (age / 100));
        }
    }
}
