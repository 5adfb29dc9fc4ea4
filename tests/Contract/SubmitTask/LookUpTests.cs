using OpsAgent.Tests.Contract.PayloadLog;
using OpsAgent.Tests.Facility.Panda;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.SubmitTask;

/// <summary>How the agent asks what became of a run that nobody saw the end of, and lets go of what it left.</summary>
[Collection(nameof(SubmitSite))]
public sealed class LookUpTests(SubmitSite site)
{
    [Fact]
    public async Task A_run_that_was_killed_while_its_prun_ran_is_seen_through()
    {
        using var submit = new Submit(site, plan: new PandaPlan { BeforeInsertS = 1 });
        await submit.KillAsync(() => submit.Panda.Runs.Count > 0, "prun runs");

        submit.AssertSubmitted(await LeftAsync(submit));

        Assert.Equal("alice", submit.Task.RecordedBy);
    }

    [Fact]
    public async Task A_run_that_told_of_no_sandbox_has_sent_nothing()
    {
        using var submit = new Submit(site);
        await File.WriteAllTextAsync(submit.Panda.SetupPath, submit.Panda.SetupText + "sleep 60\n");
        await submit.KillAsync(() => submit.Living().Count > 0, "the setup runs");
        submit.Living().ToList().ForEach(pid => _ = Posix.TryKill(pid, PosixSignalNumber.Kill));

        submit.AssertFailed(await LeftAsync(submit), 5, "nothing was sent: the run ended before it started prun");
    }

    [Fact]
    public async Task While_the_run_lives_nothing_can_be_told()
    {
        using var submit = new Submit(site, plan: new PandaPlan { What = "hang_before" });
        using var first = submit.Start([]);
        await Eventually.HoldsAsync(() => submit.Panda.Runs.Count > 0, "prun runs");

        Assert.Equal(75, (await LeftAsync(submit)).ExitCode);

        first.Signal("TERM");
        Assert.Equal(8, (await first.EndAsync()).ExitCode);
    }

    [Theory]
    [InlineData(null, 2, "OPSAGENT_LEFT_DIR is not set")]
    [InlineData("/nowhere/at/all", 1, "there is no folder /nowhere/at/all")]
    public async Task Without_the_runs_folder_nothing_can_be_told(string? folder, int code, string told)
    {
        using var submit = new Submit(site);

        submit.AssertNothingSent(await LeftAsync(submit, folder), code, told);
    }

    [Fact]
    public async Task What_panda_certainly_does_not_have_is_closed_and_may_be_submitted()
    {
        using var submit = new Submit(site, plan: new PandaPlan { What = "fail_before", Code = 90, Book = "down" });
        Assert.Equal(8, (await submit.RunAsync()).ExitCode);
        Assert.Equal(8, (await submit.RunAsync()).ExitCode);

        var closed = await submit.RunWithAsync("--close", $"--task-name={submit.Task.ComposedName}");

        Assert.True(closed.ExitCode == 0, closed.Stderr);
        submit.Plan(new PandaPlan());
        Assert.Equal(0, (await submit.RunAsync()).ExitCode);
        Assert.Equal(submit.Id, submit.Task.PandaTaskId);
    }

    [Fact]
    public async Task A_result_folder_that_takes_nothing_stops_the_run_before_prun()
    {
        using var submit = new Submit(site);
        submit.Environment["OPSAGENT_RESULT_DIR"] = Path.Combine(submit.Results, "missing");

        var run = await submit.RunAsync();

        Assert.NotEqual(0, run.ExitCode);
        Assert.Empty(submit.Panda.Runs);
        Assert.Empty(submit.Sandboxes);
    }

    [Fact]
    public async Task A_run_that_was_refused_for_an_earlier_prun_is_in_doubt_with_it()
    {
        using var submit = new Submit(site, plan: new PandaPlan { What = "fail_before", Code = 90, Book = "down" });
        Assert.Equal(8, (await submit.RunAsync()).ExitCode);
        File.Delete(Path.Combine(submit.Results, "sandbox"));

        submit.AssertFailed(await LeftAsync(submit), 8, "an earlier prun of the task has not been cleared up");
    }

    [Fact]
    public async Task What_is_still_being_sent_is_not_closed()
    {
        using var submit = new Submit(site, plan: new PandaPlan { What = "hang_before" });
        await submit.KillAsync(() => submit.Panda.Runs.Count > 0, "prun runs");

        var run = await submit.RunWithAsync("--close", $"--task-name={submit.Task.ComposedName}");

        Assert.Equal(75, run.ExitCode);
        Assert.Contains("prun still runs in ", Assert.Single(run.Errors), StringComparison.Ordinal);
        submit.Living().ToList().ForEach(pid => _ = Posix.TryKill(pid, PosixSignalNumber.Kill));
    }

    private static async Task<DoerRun> LeftAsync(Submit submit, string? folder = "")
    {
        submit.Environment.Remove("OPSAGENT_RESULT_DIR");
        if (folder is not null)
        {
            submit.Environment["OPSAGENT_LEFT_DIR"] = folder.Length > 0 ? folder : submit.Results;
        }

        return await submit.RunWithAsync("--resume-left", $"--task-name={submit.Task.ComposedName}");
    }
}
