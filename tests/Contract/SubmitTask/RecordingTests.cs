using OpsAgent.Tests.Facility.Pcs;
using Xunit;

namespace OpsAgent.Tests.Contract.SubmitTask;

/// <summary>The id is written down, or told on stdout with exit 7; never lost.</summary>
[Collection(nameof(SubmitSite))]
public sealed class RecordingTests(SubmitSite site)
{
    [Fact]
    public async Task A_passing_refusal_is_tried_again()
    {
        using var submit = new Submit(site);
        using var fault = new ArmedFault(site, "record-submission", new PcsFault { Status = 503, Times = 2 });

        submit.AssertSubmitted(await submit.RunAsync());

        Assert.Equal(3, submit.Records.Count);
    }

    [Fact]
    public async Task Too_many_requests_waits_as_long_as_it_is_told()
    {
        using var submit = new Submit(site);
        using var fault = new ArmedFault(site, "record-submission", new PcsFault { Status = 429, RetryAfter = "2", Times = 1 });

        var run = await submit.RunAsync();

        submit.AssertSubmitted(run);
        Assert.Contains("again in 2.0 s", run.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_after_the_record_is_no_second_submission()
    {
        using var submit = new Submit(site);
        using var fault = new ArmedFault(site, "record-submission", new PcsFault { AbortAfter = true, Times = 1 });

        submit.AssertSubmitted(await submit.RunAsync());

        Assert.Equal(2, submit.Records.Count);
    }

    [Fact]
    public async Task A_lasting_refusal_is_7_at_once_and_the_id_is_told()
    {
        using var submit = new Submit(site);
        using var fault = new ArmedFault(site, "record-submission", new PcsFault { Status = 403 });

        var run = await submit.RunAsync();

        submit.AssertFailed(run, 7, $"submitted as {submit.Id}, but not recorded: PCS record-submission: answered 403", $"{submit.Id}\n");
        Assert.Single(submit.Records);
    }

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public async Task A_pcs_that_answers_with_a_login_is_7_at_once(PcsFault fault, string told)
    {
        using var submit = new Submit(site);
        using var armed = new ArmedFault(site, "record-submission", fault);

        submit.AssertFailed(await submit.RunAsync(), 7, told, $"{submit.Id}\n");

        Assert.Single(submit.Records);
    }

    public static TheoryData<PcsFault, string> WrongAnswers() => new()
    {
        { PcsFault.LoginPage, "answered 200 with HTML" },
        { PcsFault.LoginRedirect, "a redirect to" },
    };

    [Fact]
    public async Task A_conflict_over_our_own_id_is_success()
    {
        using var submit = new Submit(site);
        using var fault = new ArmedFault(site, "record-submission", new PcsFault { Status = 409 });
        using var calls = new OnCalls(
            site, call => submit.Task.PandaTaskId = call == "record-submission" ? submit.Id : submit.Task.PandaTaskId);

        submit.AssertSubmitted(await submit.RunAsync());
    }

    [Fact]
    public async Task A_conflict_over_another_id_is_7_and_names_both()
    {
        using var submit = new Submit(site);
        using var calls = new OnCalls(
            site, call => submit.Task.PandaTaskId = call == "record-submission" ? 4711 : submit.Task.PandaTaskId);

        submit.AssertFailed(
            await submit.RunAsync(), 7, $"submitted as {submit.Id}, but not recorded: PCS has 4711 for the task", $"{submit.Id}\n");
    }

    [Fact]
    public async Task An_id_that_is_another_tasks_is_7()
    {
        using var submit = new Submit(site);
        using var other = new Submit(site);
        other.Task.PandaTaskId = submit.Id;

        submit.AssertFailed(await submit.RunAsync(), 7, $"is already recorded for {other.Task.ComposedName}", $"{submit.Id}\n");
    }

    [Fact]
    public async Task What_was_not_recorded_can_be_resumed_and_is_not_submitted_again()
    {
        using var submit = new Submit(site);
        using (new ArmedFault(site, "record-submission", new PcsFault { Status = 403 }))
        {
            Assert.Equal(7, (await submit.RunAsync()).ExitCode);
        }

        submit.AssertFailed(await submit.RunAsync(), 9, $"already submitted as {submit.Id}, which PCS does not know yet");
        submit.AssertSubmitted(await submit.RunWithAsync($"--resume={submit.Sandbox}"));

        Assert.Equal("alice", submit.Task.RecordedBy);
    }
}
