using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Agent.Launching;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Launching;

public sealed class HungOutputTests
{
    [Fact]
    public async Task A_read_that_never_ends_does_not_hold_up_the_end_of_a_run()
    {
        var time = new FakeTime();
        var options = new LaunchingOptions();
        var never = new TaskCompletionSource();
        using var output = new DoerOutput(time, options, new StderrRelay(NullLogger.Instance, "doer", options), log: null, never.Task);

        var finish = output.FinishAsync(options.ReadOnLimit);
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(DoerOutput.LongestRead);
                return finish.IsCompleted;
            },
            "it is given up");

        Assert.False(await finish);
        Assert.Equal("", output.Stdout);
    }

    [Fact]
    public async Task A_read_that_ends_once_it_is_told_to_is_whole()
    {
        var time = new FakeTime();
        var options = new LaunchingOptions();
        var late = new TaskCompletionSource();
        using var output = new DoerOutput(time, options, new StderrRelay(NullLogger.Instance, "doer", options), log: null, late.Task);

        var finish = output.FinishAsync(options.ReadOnLimit);
        time.Advance(options.ReadOnLimit);
        late.SetResult();

        Assert.True(await finish);
    }
}
