using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Guard;

public sealed class CachePruneTests : IDisposable
{
    private readonly FakeSystemd _systemd = new();
    private readonly OpsCtlRun _run;
    private readonly string _logs;

    public CachePruneTests()
    {
        _run = _systemd.Run();
        _logs = Path.Combine(_run.Environment["SWF_TMP_DIR"], "panda-logs");
    }

    public void Dispose() => _systemd.Dispose();

    [Fact]
    public async Task Job_folders_are_removed_by_age_and_a_task_s_own_once_it_is_empty_and_old()
    {
        var old = Job("1", "10", days: 31);
        var young = Job("1", "11", days: 29);
        var alone = Job("2", "20", days: 400);
        Age(Path.GetDirectoryName(alone)!, 400);

        Assert.Contains("guard: prune: remove: 2 job folder(s) of ", await PruneAsync("30"), StringComparison.Ordinal);

        Assert.False(Directory.Exists(old));
        Assert.True(File.Exists(Path.Combine(young, "deep", "er", "payload.stdout")));
        Assert.False(Directory.Exists(Path.GetDirectoryName(alone)));
    }

    [Fact]
    public async Task No_link_is_followed()
    {
        var elsewhere = _systemd.Folder.At("elsewhere");
        Directory.CreateDirectory(Path.Combine(elsewhere, "x", "y"));
        await File.WriteAllTextAsync(Path.Combine(elsewhere, "x", "y", "kept"), "");
        Age(Path.Combine(elsewhere, "x"), 400);
        var job = Job("1", "10", days: 400);
        Directory.CreateSymbolicLink(Path.Combine(job, "deep", "out"), elsewhere);
        Directory.CreateSymbolicLink(Path.Combine(_logs, "1", "link"), Path.Combine(elsewhere, "x"));
        Directory.CreateSymbolicLink(Path.Combine(_logs, "task"), elsewhere);
        Age(job, 400);

        Assert.Contains(": 1 job folder(s)", await PruneAsync("30"), StringComparison.Ordinal);

        Assert.False(Directory.Exists(job));
        Assert.True(File.Exists(Path.Combine(elsewhere, "x", "y", "kept")));
    }

    [Fact]
    public async Task Logs_that_somebody_replaced_by_a_link_are_left_alone()
    {
        var elsewhere = _systemd.Folder.At("home");
        var kept = Directory.CreateDirectory(Path.Combine(elsewhere, "wen", "work")).FullName;
        Age(kept, 400);
        Directory.CreateDirectory(Path.GetDirectoryName(_logs)!);
        Directory.CreateSymbolicLink(_logs, elsewhere);

        Assert.Contains("0 younger one(s) stay; 1 could not be removed", await PruneAsync("30"), StringComparison.Ordinal);

        Assert.True(Directory.Exists(kept));
    }

    [Fact]
    public async Task A_dry_run_counts_and_removes_nothing()
    {
        var job = Job("1", "10", days: 31);
        Assert.Contains("(dry run) remove: 1 job folder(s)", await PruneAsync("30", "--dry-run"), StringComparison.Ordinal);
        Assert.True(Directory.Exists(job));
    }

    [Fact]
    public async Task Without_a_cache_and_with_0_days_there_is_nothing_to_do()
    {
        Assert.Contains("skip: there is no ", await PruneAsync("30"), StringComparison.Ordinal);
        Job("1", "10", days: 31);
        Assert.DoesNotContain("prune", await PruneAsync("0"), StringComparison.Ordinal);
    }

    private string Job(string task, string job, int days)
    {
        var path = Path.Combine(_logs, task, job);
        Directory.CreateDirectory(Path.Combine(path, "deep", "er"));
        File.WriteAllText(Path.Combine(path, "deep", "er", "payload.stdout"), "x");
        File.WriteAllText(Path.Combine(path, ".done"), "");
        Age(path, days);
        return path;
    }

    private static void Age(string path, int days) => Directory.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-days));

    private async Task<string> PruneAsync(string days, params string[] more)
    {
        _run.Clear();
        Assert.Equal(0, await _run.RunAsync(["guard", "--no-liveness", "--prune-days", days, .. more]));
        return _run.Lines[^1];
    }
}
