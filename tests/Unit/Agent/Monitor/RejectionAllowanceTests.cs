using OpsAgent.Agent.Monitor;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Monitor;

public sealed class RejectionAllowanceTests
{
    private readonly FakeTime _time = new();
    private readonly RejectionAllowance _allowance;

    public RejectionAllowanceTests()
    {
        _allowance = new RejectionAllowance(_time);
    }

    [Fact]
    public void A_reason_is_told_once_a_minute()
    {
        Assert.NotNull(_allowance.TryTake("fetch", "queue full"));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Null(_allowance.TryTake("fetch", "queue full"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(_allowance.TryTake("fetch", "queue full"));
    }

    [Fact]
    public void Another_reason_and_another_type_have_a_minute_of_their_own()
    {
        Assert.NotNull(_allowance.TryTake("fetch", "queue full"));
        Assert.NotNull(_allowance.TryTake("fetch", "lfn is missing"));
        Assert.NotNull(_allowance.TryTake("submit", "queue full"));
    }

    [Fact]
    public void Reasons_that_differ_in_figures_alone_are_one()
    {
        Assert.NotNull(_allowance.TryTake("fetch", "expired after 3600 s: sent 3701 s before it could start"));
        Assert.Null(_allowance.TryTake("fetch", "expired after 3600 s: sent 41234 s before it could start"));
    }

    [Fact]
    public void A_sender_with_ever_new_reasons_is_bounded_and_forgotten_after_a_minute()
    {
        var told = Enumerable.Range(0, 1_000).Count(i => _allowance.TryTake("fetch", $"reason {new string('x', i)}") is not null);
        Assert.Equal(RejectionAllowance.MaxReasons, told);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(_allowance.TryTake("fetch", "something else"));
    }

    [Fact]
    public void What_was_not_told_after_all_may_be_told_at_once_but_not_in_place_of_a_later_one()
    {
        var lost = _allowance.TryTake("fetch", "queue full")!;
        _allowance.GiveBack(lost);
        Assert.NotNull(_allowance.TryTake("fetch", "queue full"));

        var late = _allowance.TryTake("submit", "queue full")!;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(_allowance.TryTake("submit", "queue full"));
        _allowance.GiveBack(late);
        Assert.Null(_allowance.TryTake("submit", "queue full"));
    }
}
