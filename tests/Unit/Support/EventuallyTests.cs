using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Support;

public sealed class EventuallyTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task A_condition_that_comes_to_hold_ends_the_wait()
    {
        var asked = 0;
        await Eventually.HoldsAsync(() => ++asked == 3, "asked three times");
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task A_condition_that_never_holds_fails_with_what_was_waited_for()
    {
        var failure = await Assert.ThrowsAsync<TimeoutException>(
            () => Eventually.HoldsAsync(() => false, "the moon is blue", Moment));
        Assert.Contains("the moon is blue", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_condition_is_asked_at_least_once_however_short_the_limit() =>
        await Eventually.HoldsAsync(() => true, "true", TimeSpan.Zero);

    [Fact]
    public async Task A_value_is_returned_once_it_is_there()
    {
        var asked = 0;
        Assert.Equal("there", await Eventually.IsAsync(() => ++asked < 3 ? null : "there", "a value"));
        await Assert.ThrowsAsync<TimeoutException>(() => Eventually.IsAsync<string>(() => null, "a value", Moment));
    }

    [Fact]
    public async Task An_exception_of_the_condition_is_not_swallowed() => await Assert.ThrowsAsync<InvalidOperationException>(
        () => Eventually.HoldsAsync(() => throw new InvalidOperationException(), "never"));
}
