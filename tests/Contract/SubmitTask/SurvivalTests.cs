using System.Text.Json;
using OpsAgent.Tests.Facility.Panda;
using OpsAgent.Tests.Facility.Pcs;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.SubmitTask;

/// <summary>The doer is killed at each step of its journal: what is left can be finished, and prun runs once.</summary>
[Collection(nameof(SubmitSite))]
public sealed class SurvivalTests(SubmitSite site)
{
    [Fact]
    public async Task Killed_before_prun_nothing_was_sent_and_the_next_run_submits()
    {
        using var submit = new Submit(site);
        await File.WriteAllTextAsync(submit.Panda.SetupPath, submit.Panda.SetupText + "sleep 60\n");
        await submit.KillAsync(() => submit.Living().Count > 0, "the setup runs");
        await File.WriteAllTextAsync(submit.Panda.SetupPath, submit.Panda.SetupText);
        submit.Living().ToList().ForEach(pid => _ = Posix.TryKill(pid, PosixSignalNumber.Kill));

        submit.AssertFailed(await submit.RunWithAsync($"--resume={submit.Sandbox}"), 5, "prun was never started");

        submit.AssertSubmitted(await submit.RunAsync());
    }

    [Fact]
    public async Task Killed_while_prun_runs_the_resumption_waits_for_it()
    {
        using var submit = new Submit(site, plan: new PandaPlan { BeforeInsertS = 2 });
        await submit.KillAsync(() => submit.Panda.Runs.Count > 0, "prun runs");
        Assert.Equal(["Opened", "Fetched", "Starting", "Started"], submit.Steps);

        submit.AssertSubmitted(await submit.RunWithAsync($"--resume={Path.GetFileName(submit.Sandbox)}"));

        Assert.Equal("alice", submit.Task.RecordedBy);
    }

    [Fact]
    public async Task Killed_while_prun_runs_another_run_does_not_start_a_second_one()
    {
        using var submit = new Submit(site, plan: new PandaPlan { What = "hang_before" });
        await submit.KillAsync(() => submit.Panda.Runs.Count > 0, "prun runs");

        var run = await submit.RunAsync();

        Assert.Equal(8, run.ExitCode);
        Assert.Contains($"submit-task --resume={Path.GetFileName(submit.Sandbox)}", Assert.Single(run.Errors), StringComparison.Ordinal);
        Assert.Single(submit.Panda.Runs);
    }

    [Fact]
    public async Task Killed_with_its_prun_it_is_in_doubt_until_the_book_keeping_tells()
    {
        using var submit = new Submit(site, plan: new PandaPlan { What = "hang_after", BookDelayS = 5 });
        await submit.KillAsync(() => submit.Panda.Taken > 0, "PanDA has taken it");
        submit.Living().ToList().ForEach(pid => _ = Posix.TryKill(pid, PosixSignalNumber.Kill));

        submit.AssertFailed(
            await submit.RunWithAsync($"--resume={submit.Sandbox}"), 8, "in doubt: prun is over, its exit code is not known");
        submit.Environment["SUBMIT_LOOKUP_TIMEOUT"] = "20";

        submit.AssertSubmitted(await submit.RunWithAsync("--reconcile", $"--task-name={submit.Task.ComposedName}", "--owner=alice"));
        Assert.Equal($"{submit.Id}\n", (await submit.RunWithAsync($"--resume={submit.Sandbox}")).Stdout);
    }

    [Fact]
    public async Task Killed_once_the_id_is_seen_it_is_recorded_by_the_resumption()
    {
        using var submit = new Submit(site, plan: new PandaPlan { AfterIdS = 2 });
        await submit.KillAsync(() => submit.Steps.Contains("IdSeen"), "the id is seen");

        submit.AssertSubmitted(await submit.RunWithAsync($"--resume={submit.Sandbox}"));
    }

    [Fact]
    public async Task Killed_after_pcs_has_recorded_it_the_resumption_ends_well()
    {
        using var submit = new Submit(site);
        using (new ArmedFault(site, "record-submission", new PcsFault { AbortAfter = true }))
        {
            await submit.KillAsync(() => submit.Records.Count > 1, "it was recorded, and the doer does not know");
        }

        submit.AssertSubmitted(await submit.RunWithAsync($"--resume={submit.Sandbox}"));
    }

    [Fact]
    public async Task A_broken_stdout_and_stderr_stop_nothing_and_the_result_is_written()
    {
        using var submit = new Submit(site);

        // Both go into a pipe whose reader has ended.
        using (var process = submit.Start(["/bin/bash", "-c", "exec > >(exec true) 2>&1; wait $!; exec \"$0\" \"$@\""]))
        {
            await process.EndAsync();
        }

        Assert.Equal(submit.Id, submit.Task.PandaTaskId);
        using var result = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(submit.Results, "result.json")));
        Assert.Equal(0, result.RootElement.GetProperty("exit_code").GetInt32());
        Assert.Equal($"{submit.Id}", result.RootElement.GetProperty("result").GetString());
        submit.AssertTidy();
    }

    [Fact]
    public async Task A_second_run_for_the_task_is_75_while_the_first_is_at_it()
    {
        using var submit = new Submit(site, plan: new PandaPlan { What = "hang_before" });
        using var first = submit.Start([]);
        await Eventually.HoldsAsync(() => submit.Panda.Runs.Count > 0, "prun runs");

        var second = await submit.RunAsync();
        var resumed = await submit.RunWithAsync($"--resume={submit.Sandbox}");

        Assert.Equal(75, second.ExitCode);
        Assert.Equal(75, resumed.ExitCode);
        Assert.Contains($"pid {first.Id} since 20", Assert.Single(second.Errors), StringComparison.Ordinal);
        first.Signal("TERM");
        Assert.Equal(8, (await first.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Looking_a_task_up_that_was_submitted_elsewhere_records_it()
    {
        using var submit = new Submit(site, plan: new PandaPlan { What = "no_id" });
        var elsewhere = Directory.CreateDirectory(Path.Combine(submit.State, "elsewhere")).FullName;
        (submit.Environment["OPSAGENT_STATE_DIR"], var here) = (elsewhere, submit.Environment["OPSAGENT_STATE_DIR"]);
        await submit.KillAsync(() => submit.Panda.Taken > 0, "PanDA has taken it");
        submit.Environment["OPSAGENT_STATE_DIR"] = here;

        var run = await submit.RunWithAsync("--reconcile", $"--task-name={submit.Task.ComposedName}");

        Assert.True(run.ExitCode == 0, run.Stderr);
        Assert.Equal($"{submit.Id}\n", run.Stdout);
        Assert.Equal(submit.Id, submit.Task.PandaTaskId);
        Assert.Single(submit.Panda.Runs);
        Assert.Empty(submit.Sandboxes);
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("../../etc")]
    [InlineData("0123456789abcdef-0123456789ab")]
    public async Task A_sandbox_that_is_none_is_2(string named)
    {
        using var submit = new Submit(site);

        submit.AssertNothingSent(await submit.RunWithAsync($"--resume={named}"), 2, "--resume: ");
    }

    [Fact]
    public async Task Old_sandboxes_go_but_never_one_that_is_open()
    {
        using var submit = new Submit(site);
        using (new ArmedFault(site, "record-submission", new PcsFault { Status = 403 }))
        {
            Assert.Equal(7, (await submit.RunAsync()).ExitCode);
        }

        var open = submit.Sandbox;
        var done = Path.Combine(Path.GetDirectoryName(open)!, "0123456789abcdef-0123456789ab");
        Directory.CreateDirectory(Path.Combine(done, "control"));
        await File.WriteAllTextAsync(
            Path.Combine(done, "control", "journal.jsonl"),
            """{"step":"Opened","at":"2026-01-01T00:00:00Z","task":"x"}""" + "\n" + """{"step":"Concluded","at":"2026-01-01T00:00:00Z","exit_code":5}""");
        foreach (var path in (string[])[open, done])
        {
            Age(path);
        }

        await submit.RunAsync();

        Assert.Equal([open], submit.Sandboxes);
    }

    private static void Age(string folder)
    {
        var old = TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromDays(31);
        foreach (var entry in Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder))
        {
            if (Directory.Exists(entry))
            {
                Directory.SetLastWriteTimeUtc(entry, old);
            }
            else
            {
                File.SetLastWriteTimeUtc(entry, old);
            }
        }
    }
}
