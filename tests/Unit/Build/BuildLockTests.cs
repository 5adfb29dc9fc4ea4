using OpsAgent.Build;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Unit.Build;

public sealed class BuildLockTests
{
    [Fact]
    public async Task A_second_build_says_once_that_it_waits_and_goes_on_when_the_first_has_ended()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("artifacts", "build.lock");
        var time = new FakeTime();
        await using var says = new StringWriter();
        var first = await BuildLock.TakeAsync(path, TextWriter.Null, time);

        var second = BuildLock.TakeAsync(path, says, time);
        for (var tries = 0; tries < 3; tries++)
        {
            await Eventually.HoldsAsync(() => time.ArmedTimers == 1, "it waits");
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await Eventually.HoldsAsync(() => time.ArmedTimers == 1, "it waits");
        Assert.False(second.IsCompleted);
        Assert.Single(says.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));

        first.Dispose();
        time.Advance(TimeSpan.FromSeconds(1));
        (await second).Dispose();
    }

    [Fact]
    public async Task A_build_that_is_alone_says_nothing()
    {
        using var folder = new TemporaryFolder();
        await using var says = new StringWriter();
        for (var build = 0; build < 2; build++)
        {
            (await BuildLock.TakeAsync(folder.At("artifacts", "build.lock"), says, new FakeTime())).Dispose();
        }

        Assert.Empty(says.ToString());
    }

    [Fact]
    public async Task What_is_no_lock_of_another_build_is_not_waited_for()
    {
        using var folder = new TemporaryFolder();
        folder.Write("artifacts", "a file where the folder is due");
        await Assert.ThrowsAnyAsync<IOException>(() => BuildLock.TakeAsync(folder.At("artifacts", "build.lock"), TextWriter.Null, new FakeTime()));
    }
}
