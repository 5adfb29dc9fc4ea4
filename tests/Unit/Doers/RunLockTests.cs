using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Files;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers;

public sealed class RunLockTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("opsagent-lock-").FullName;
    private readonly FakeTime _time = new();

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void A_second_one_is_refused_with_the_holders_pid_and_start()
    {
        using var root = Folder.OpenRoot(_path);
        using var first = RunLock.Take(root, "kind", "1:2", _time);

        var failure = Assert.Throws<DoerException>(() => RunLock.Take(root, "kind", "1:2", _time));

        Assert.Equal(DoerExit.TryAgain, failure.Exit);
        Assert.Contains($"pid {Environment.ProcessId} since 2026-01-01T00:00:00Z", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_keys_and_kinds_are_free_and_so_is_a_released_one()
    {
        using var root = Folder.OpenRoot(_path);
        using (RunLock.Take(root, "kind", "1:2", _time))
        using (RunLock.Take(root, "kind", "1:3", _time))
        using (RunLock.Take(root, "other", "1:2", _time))
        {
            Assert.Equal(3, Directory.GetFiles(Path.Combine(_path, ".locks")).Length);
            Assert.All(Directory.GetFiles(Path.Combine(_path, ".locks")), f => Assert.Equal("664", UnixMode.Of(f)));
        }

        using var again = RunLock.Take(root, "kind", "1:2", _time);
        Assert.Single(Directory.GetFiles(Path.Combine(_path, ".locks")));
    }

    [Fact]
    public async Task It_never_has_two_holders_however_fast_it_changes_hands()
    {
        using var root = Folder.OpenRoot(_path);
        var inside = 0;
        var most = 0;
        var taken = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 300; i++)
            {
                try
                {
                    using var held = RunLock.Take(root, "kind", "key", _time);
                    var now = Interlocked.Increment(ref inside);
                    most = Math.Max(most, now);
                    Interlocked.Increment(ref taken);
                    Interlocked.Decrement(ref inside);
                }
                catch (DoerException e) when (e.Exit == DoerExit.TryAgain)
                {
                    // the other one has it
                }
            }
        })));

        Assert.Equal(1, most);
        Assert.True(taken > 0);
    }
}
