using System.Diagnostics;
using System.Text.Json;
using OpsAgent.Tests.Facility.Rucio;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Archives;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.Contract.PayloadLog;

/// <summary>What must hold when a run is disturbed: nothing half-done, nothing good lost, nobody else in the way.</summary>
[Collection(nameof(Site))]
public sealed class SurvivalTests(Site site)
{
    [XrootdFact]
    public async Task A_failed_force_keeps_the_good_entry_whole()
    {
        using var fetch = new Fetch(site).Stored();
        FetchingTests.AssertCached(fetch, await fetch.RunAsync());
        fetch.Stored(LogTarball.Good("cut")[..^20]);

        var run = await fetch.RunAsync("--force");

        Assert.Equal(21, run.ExitCode);
        Assert.Equal("hello from the job\n", await File.ReadAllTextAsync(Path.Combine(fetch.Entry, "payload.stdout")));
        Assert.True(File.Exists(Path.Combine(fetch.Entry, ".done")));
        fetch.AssertTidy();
    }

    [XrootdFact]
    public async Task A_hung_door_is_20_and_no_xrdcp_is_left()
    {
        await using var hung = await XrootdServer.StartAsync();
        using var fetch = new Fetch(site).Known(1, new StandInReplica(hung.Url("x"), "a"));
        fetch.Environment["XRDCP_TIMEOUT"] = "3";
        hung.Pause();

        fetch.AssertFailed(await fetch.RunAsync(), 20, "none of 1 door delivered");

        Assert.Empty(XrdcpsOf(fetch));
    }

    [XrootdFact]
    public async Task A_hung_door_leaves_time_for_a_good_one()
    {
        await using var hung = await XrootdServer.StartAsync();
        using var fetch = new Fetch(site);
        var tarball = LogTarball.Good();
        site.Plain.Put(fetch.Lfn, tarball);
        fetch.Known(
            tarball.Length,
            new StandInReplica(hung.Url("x"), "a", Priority: 1),
            new StandInReplica(site.Plain.Url(fetch.Lfn), "b", Priority: 2));
        fetch.Environment["XRDCP_TIMEOUT"] = "20";
        hung.Pause();

        FetchingTests.AssertCached(fetch, await fetch.RunAsync());
    }

    [XrootdFact]
    public async Task A_second_run_is_told_who_holds_the_lock_and_sigterm_leaves_nothing()
    {
        await using var hung = await XrootdServer.StartAsync();
        using var fetch = new Fetch(site).Known(1, new StandInReplica(hung.Url("x"), "a"));
        hung.Pause();
        using var first = fetch.Start([], []);
        await Eventually.HoldsAsync(() => XrdcpsOf(fetch).Count > 0, "the first run copies");

        var second = await fetch.RunAsync();

        Assert.Equal(75, second.ExitCode);
        Assert.Contains($"pid {first.Id} since 20", Assert.Single(second.Errors), StringComparison.Ordinal);

        first.Signal("TERM");
        fetch.AssertFailed(await first.EndAsync(), 143, "ended by a signal");
        Assert.Empty(XrdcpsOf(fetch));
    }

    [XrootdFact]
    public async Task What_a_killed_run_left_is_swept_and_does_not_block_the_next()
    {
        await using var hung = await XrootdServer.StartAsync();
        using var fetch = new Fetch(site).Known(1, new StandInReplica(hung.Url("x"), "a"));
        hung.Pause();
        using var first = fetch.Start([], []);
        await Eventually.HoldsAsync(() => XrdcpsOf(fetch).Count > 0, "the first run copies");
        first.Signal("KILL");
        await first.EndAsync();
        XrdcpsOf(fetch).ForEach(pid => Process.GetProcessById(pid).Kill());
        Directory.CreateDirectory(fetch.Entry + ".partial.0123");
        await File.WriteAllTextAsync(Path.Combine(fetch.Entry + ".partial.0123", "payload.stdout"), "half");
        var anothers = Path.Combine(fetch.Task, "99.partial.0123");
        Directory.CreateDirectory(anothers);
        fetch.Stored();

        var run = await fetch.RunAsync();

        FetchingTests.AssertCached(fetch, run);
        Assert.True(Directory.Exists(anothers)); // younger than a day: its run may be at it
        Directory.Delete(anothers);
        fetch.AssertTidy();
    }

    [XrootdFact]
    public async Task Runs_for_one_job_at_once_end_with_one_whole_entry()
    {
        using var fetch = new Fetch(site).Stored();

        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fetch.RunAsync()));

        Assert.All(runs, r => Assert.True(r.ExitCode is 0 or 75, r.Stderr));
        Assert.Contains(runs, r => r.ExitCode == 0);
        Assert.Equal(3, Directory.GetFileSystemEntries(fetch.Entry).Length);
        fetch.AssertTidy();
    }

    [XrootdFact]
    public async Task A_closed_stderr_and_stdout_do_not_stop_it_and_the_result_is_written_last()
    {
        using var fetch = new Fetch(site).Stored();
        var results = Directory.CreateDirectory(Path.Combine(fetch.Scratch, "results")).FullName;
        fetch.Environment["OPSAGENT_RESULT_DIR"] = results;
        fetch.Environment["PATH"] = "/usr/bin:/bin";

        // Both go into a pipe whose reader has ended.
        await fetch.RunBehindAsync("/bin/bash", "-c", "exec > >(exec true) 2>&1; wait $!; exec \"$0\" \"$@\"");

        Assert.True(File.Exists(Path.Combine(fetch.Entry, ".done")));
        using var result = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(results, "result.json")));
        Assert.Equal(0, result.RootElement.GetProperty("exit_code").GetInt32());
        Assert.Equal("", result.RootElement.GetProperty("result").GetString());
        Assert.Single(Directory.GetFiles(results));
    }

    [Fact]
    public async Task The_result_of_a_failure_is_written_too()
    {
        using var fetch = new Fetch(site);
        fetch.Environment["OPSAGENT_RESULT_DIR"] = fetch.Scratch;

        await fetch.RunAsync();

        using var result = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(fetch.Scratch, "result.json")));
        Assert.Equal(17, result.RootElement.GetProperty("exit_code").GetInt32());
    }

    [Theory]
    [InlineData("panda-logs")]
    [InlineData("panda-logs/34501")]
    [InlineData("downloads")]
    [InlineData(".locks")]
    public async Task A_link_where_a_folder_is_due_is_77_and_not_followed(string link)
    {
        using var fetch = new Fetch(site).Known(1, new StandInReplica("root://localhost:1//x", "a"));
        var outside = Directory.CreateTempSubdirectory("opsagent-outside-").FullName;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(fetch.Scratch, link))!);
        Directory.CreateSymbolicLink(Path.Combine(fetch.Scratch, link), outside);

        var run = await fetch.RunAsync();

        Assert.True(run.ExitCode == 77, run.Stderr);
        Assert.Empty(Directory.GetFileSystemEntries(outside));
        Directory.Delete(outside);
    }

    [RootFact]
    public async Task A_scratch_that_may_not_be_written_is_77()
    {
        using var fetch = new Fetch(site).Known(1, new StandInReplica("root://localhost:1//x", "a"));
        UnixMode.Set(fetch.Scratch, "0755");

        var run = await fetch.RunBehindAsync("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

        fetch.AssertFailed(run, 77, "Permission denied");
    }

    [RootFact]
    public async Task An_unprivileged_user_fetches_with_its_own_proxy()
    {
        using var fetch = new Fetch(site).Stored();
        fetch.Environment["X509_USER_PROXY"] = site.Credentials.WriteProxy("nobodys", TimeSpan.FromHours(-1), TimeSpan.FromHours(1));
        await RunAsync("/usr/bin/chown", "nobody", fetch.Environment["X509_USER_PROXY"], fetch.Scratch);

        var run = await fetch.RunBehindAsync("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

        FetchingTests.AssertCached(fetch, run);
    }

    [RootFact]
    public async Task A_disk_that_fills_up_while_copying_is_27()
    {
        using var fetch = new Fetch(site);
        await OnSmallDiskAsync(fetch, async () =>
        {
            site.Plain.Put(fetch.Lfn, new byte[1 << 20]);
            fetch.Known(null, new StandInReplica(site.Plain.Url(fetch.Lfn), "a"));

            fetch.AssertFailed(await fetch.RunAsync(), 27, "disk full");
        });
    }

    [RootFact]
    public async Task A_disk_that_fills_up_while_unpacking_is_27_and_the_old_entry_stays()
    {
        using var fetch = new Fetch(site);
        await OnSmallDiskAsync(fetch, async () =>
        {
            FetchingTests.AssertCached(fetch.Stored(), await fetch.RunAsync());
            fetch.Stored(LogTarball.Good(new string('x', 4 << 20)));

            var run = await fetch.RunAsync("--force");

            Assert.True(run.ExitCode == 27, run.Stderr);
            Assert.Equal("hello from the job\n", await File.ReadAllTextAsync(Path.Combine(fetch.Entry, "payload.stdout")));
            fetch.AssertTidy();
        });
    }

    [RootFact]
    public async Task An_XRootD_door_that_delivers_more_than_rucio_says_is_cut_before_the_disk_is_full()
    {
        using var fetch = new Fetch(site);
        await OnSmallDiskAsync(fetch, async () =>
        {
            site.Plain.Put(fetch.Lfn, new byte[1 << 20]);
            fetch.Known(1000, new StandInReplica(site.Plain.Url(fetch.Lfn), "a"));

            fetch.AssertFailed(await fetch.RunAsync(), 19, "delivers more than the 1000 bytes that it should have");
        });
    }

    private static async Task OnSmallDiskAsync(Fetch fetch, Func<Task> test)
    {
        await RunAsync("/usr/bin/mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", fetch.Scratch);
        try
        {
            await test();
        }
        finally
        {
            await RunAsync("/usr/bin/umount", fetch.Scratch);
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    // Its arguments say nothing of the run: the environment that it inherits does.
    private static List<int> XrdcpsOf(Fetch fetch) =>
        [.. Process.GetProcessesByName("xrdcp").Where(p => IsOf(fetch, p.Id)).Select(p => p.Id)];

    private static bool IsOf(Fetch fetch, int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ").Split('\0').Contains($"SWF_TMP_DIR={fetch.Scratch}");
        }
        catch (IOException)
        {
            return false; // it has ended meanwhile
        }
    }
}
