using OpsAgent.Agent.Launching;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Launching;

public sealed class ReadPaceTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void Who_prints_faster_than_the_pace_is_read_on_when_the_slice_of_a_fiftieth_second_is_over()
    {
        var pace = new ReadPace(50_000, _time);
        Assert.True(Took(pace, 999).IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(5));
        var next = Took(pace, 1);
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(14));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(next.IsCompletedSuccessfully);
        Assert.True(Took(pace, 999).IsCompleted);
        Assert.False(Took(pace, 1).IsCompleted);
    }

    [Fact]
    public void Who_prints_slower_never_waits()
    {
        var pace = new ReadPace(50_000, _time);
        for (var i = 0; i < 1_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            Assert.True(Took(pace, 500).IsCompleted);
        }
    }

    private static Task Took(ReadPace pace, int bytes) => pace.TookAsync(bytes, CancellationToken.None);
}
