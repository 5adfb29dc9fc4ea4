using System.Diagnostics;
using OpsAgent.Tests.Facility.Panda;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.SubmitTask;

/// <summary>What prun's end means: an id, nothing sent, or doubt; never a guess.</summary>
[Collection(nameof(SubmitSite))]
public sealed class DoubtTests(SubmitSite site)
{
    [Theory]
    [InlineData("fail_before", 10)]
    [InlineData("usage", 2)]
    public async Task A_prun_that_ends_before_the_insert_is_5(string what, int code)
    {
        using var submit = new Submit(site, plan: new PandaPlan { What = what, Code = code });

        submit.AssertFailed(await submit.RunAsync(), 5, $"prun ended with {code} before it sent the task");

        Assert.Equal(0, submit.Panda.Taken);
        Assert.Empty(submit.Panda.LookUps);
    }

    [Theory]
    [InlineData("fail_after", 90, "prun ended with 90")]
    [InlineData("die_after", 0, "prun was killed by signal 9")]
    [InlineData("die_before", 0, "prun was killed by signal 9")]
    [InlineData("no_id", 0, "prun ended well but printed no jediTaskID")]
    public async Task Without_an_id_and_an_answer_it_is_8(string what, int code, string told)
    {
        using var submit = new Submit(site, plan: new PandaPlan { What = what, Code = code, Book = "down" });

        submit.AssertFailed(await submit.RunAsync(), 8, "in doubt: " + told);

        Assert.Empty(submit.Records);
        Assert.NotEmpty(submit.Panda.LookUps);
    }

    [Fact]
    public async Task What_the_book_keeping_shows_is_recorded()
    {
        using var submit = new Submit(site, plan: new PandaPlan { What = "fail_after", Code = 90 });

        submit.AssertSubmitted(await submit.RunAsync());

        Assert.Contains("\"days\": 2", submit.Panda.LookUps[0], StringComparison.Ordinal);
        Assert.Contains("\"format\": \"json\"", submit.Panda.LookUps[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_that_pcs_has_by_then_ends_the_doubt()
    {
        using var submit = new Submit(site, plan: new PandaPlan { What = "no_id", Book = "down" });
        using var calls = new OnCalls(
            site, call => submit.Task.PandaTaskId = call == "task" && submit.Panda.Taken > 0 ? submit.Id : submit.Task.PandaTaskId);

        submit.AssertSubmitted(await submit.RunAsync());

        Assert.Empty(submit.Records);
        Assert.Empty(submit.Panda.LookUps);
    }

    [Fact]
    public async Task An_id_is_an_id_however_prun_ends()
    {
        using var submit = new Submit(site, plan: new PandaPlan { What = "fail_with_id" });

        submit.AssertSubmitted(await submit.RunAsync());
    }

    [Fact]
    public async Task A_request_for_a_login_ends_at_once_with_30()
    {
        using var submit = new Submit(site, plan: new PandaPlan { What = "login", Children = 2 });
        var watch = Stopwatch.StartNew();

        var run = await submit.RunAsync();

        submit.AssertFailed(run, 30, "asks for a login");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(90), $"{watch.Elapsed}"); // prun's own limit would be 216 s
        Assert.DoesNotContain("OXIIWM", run.Stderr, StringComparison.Ordinal);
        Assert.Equal(0, submit.Panda.Taken);
    }

    [Fact]
    public async Task Children_that_prun_leaves_are_ended_with_it()
    {
        using var submit = new Submit(site, plan: new PandaPlan { Children = 2 });

        submit.AssertSubmitted(await submit.RunAsync());
    }

    [Fact]
    public async Task Sigterm_before_prun_is_143_and_nothing_is_sent()
    {
        using var submit = new Submit(site);
        await File.WriteAllTextAsync(submit.Panda.SetupPath, submit.Panda.SetupText + "sleep 60\n");
        using var process = submit.Start([]);
        await Eventually.HoldsAsync(() => submit.Living().Count > 0, "the setup runs");

        process.Signal("TERM");

        submit.AssertNothingSent(await process.EndAsync(), 143, "ended by a signal");
    }

    [Fact]
    public async Task Sigterm_after_prun_began_is_8()
    {
        using var submit = new Submit(site, plan: new PandaPlan { What = "hang_after", Children = 1, Book = "down" });
        using var process = submit.Start([]);
        await Eventually.HoldsAsync(() => submit.Panda.Taken > 0, "PanDA has taken it");

        process.Signal("TERM");

        submit.AssertFailed(await process.EndAsync(), 8, "prun was ended because the doer was asked to stop");
    }
}
