using OpsAgent.Tests.Facility.Pcs;
using Xunit;

namespace OpsAgent.Tests.Contract.SubmitTask;

/// <summary>What ends before prun: PanDA is sent nothing, and nothing is left.</summary>
[Collection(nameof(SubmitSite))]
public sealed class RefusalTests(SubmitSite site)
{
    [Theory]
    [InlineData("prun --nJobs 1; id > /tmp/x", "1:15: unquoted ';'")]
    [InlineData("prun --nJobs 1 \\\n  --site $(id)", "2:10: unquoted '$'")]
    [InlineData("prun --inDS x", "1:6: option '--inDS' is not allowed")]
    [InlineData("Sorry, no command.", "1:1: the first word is 'Sorry,', not prun")]
    public async Task A_command_that_is_more_than_prun_is_3_with_name_and_place(string text, string told)
    {
        using var submit = new Submit(site);
        submit.Task.PandaCommand = text;

        submit.AssertNothingSent(await submit.RunAsync(), 3, told);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_pcs_that_answers_wrongly_is_3_and_told(string call, string told, PcsFault fault)
    {
        using var submit = new Submit(site);
        using var armed = new ArmedFault(site, call, fault);

        // Only silence takes all of the time that there is.
        var run = fault.Hang ? await submit.RunAsync("--timeout=12") : await submit.RunAsync();

        submit.AssertNothingSent(run, 3, told);
        Assert.DoesNotContain("client_id", run.Stderr, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, PcsFault> Faults() => new()
    {
        { "command", "answered 200 with HTML", PcsFault.LoginPage },
        { "command", "a redirect to https://cilogon.org/authorize; not followed", PcsFault.LoginRedirect },
        { "command", "answered 500: as the test wants it", new PcsFault { Status = 500 } },
        { "command", "PCS command at localhost", new PcsFault { Truncate = true } },
        { "command", "no answer", new PcsFault { Hang = true } },
        { "command", "the text is empty", new PcsFault { Body = "", ContentType = "text/plain" } },
        { "task", "a redirect to", PcsFault.LoginRedirect },
        { "task", "the answer is no JSON", new PcsFault { Body = "[}", ContentType = "application/json" } },
        { "task", "the answer is no json object", new PcsFault { Body = "[]", ContentType = "application/json" } },
    };

    [Fact]
    public async Task Passing_faults_of_pcs_are_ridden_out()
    {
        using var submit = new Submit(site);
        using var command = new ArmedFault(site, "command", new PcsFault { Status = 503, Times = 2 });
        using var task = new ArmedFault(site, "task", new PcsFault { Truncate = true, Times = 1 });

        submit.AssertSubmitted(await submit.RunAsync());
    }

    [Fact]
    public async Task An_unknown_task_is_3()
    {
        using var submit = new Submit(site);
        submit.Arguments[0] = "--task-name=never-heard-of";

        submit.AssertNothingSent(await submit.RunAsync(), 3, "answered 404: ProdTask never-heard-of not found");
    }

    [Fact]
    public async Task The_beginning_of_a_name_is_not_the_name()
    {
        using var submit = new Submit(site, "only-one-begins-so");
        submit.Arguments[0] = "--task-name=only-one-begins";

        submit.AssertNothingSent(await submit.RunAsync(), 3, $"only as the beginning of {submit.Task.ComposedName}");
    }

    [Theory]
    [InlineData("--task-name=../evil")]
    [InlineData("--task-name=-x")]
    [InlineData("--timeout=0")]
    [InlineData("--swf-monitor-url=http://monitor.invalid/")]
    [InlineData("--owner=a b")]
    [InlineData("--unknown=1")]
    public async Task A_wrong_argument_is_2(string argument)
    {
        using var submit = new Submit(site);
        submit.Arguments.RemoveAll(a => a.StartsWith(argument.Split('=')[0] + "=", StringComparison.Ordinal));

        var run = await submit.RunAsync(argument);

        Assert.True(run.ExitCode is 2 or 78, run.Stderr);
        Assert.Empty(Directory.GetFileSystemEntries(submit.Scratch));
        Assert.Empty(submit.Sandboxes);
    }

    [Fact]
    public async Task Without_a_monitor_it_is_2()
    {
        using var submit = new Submit(site);
        submit.Environment.Remove("SWF_MONITOR_URL");

        submit.AssertNothingSent(await submit.RunAsync(), 2, "SWF_MONITOR_URL");
    }

    [Theory]
    [InlineData("exit 3", "failed (")]
    [InlineData("sleep 600", "")]
    [InlineData("export PATH=/nowhere", "prun is not on the PATH")]
    public async Task A_panda_client_that_is_not_there_is_78(string setup, string told)
    {
        using var submit = new Submit(site);
        if (setup.StartsWith("sleep", StringComparison.Ordinal))
        {
            File.Delete(submit.Panda.SetupPath);
            told = "does not exist";
        }
        else
        {
            await File.WriteAllTextAsync(submit.Panda.SetupPath, setup + "\n");
        }

        submit.AssertNothingSent(await submit.RunAsync(), 78, told);
    }

    [Fact]
    public async Task A_setup_script_with_a_name_that_a_shell_would_run_is_only_a_name()
    {
        using var submit = new Submit(site);
        var odd = Path.Combine(submit.Scratch, "a b; touch x $(id).sh");
        File.Copy(submit.Panda.SetupPath, odd);
        submit.Arguments[2] = $"--pclient-setup={odd}";

        submit.AssertSubmitted(await submit.RunAsync());
    }

    [Fact]
    public async Task Help_has_examples_and_every_exit_code()
    {
        using var submit = new Submit(site);
        submit.Arguments.Clear();

        var run = await submit.RunAsync("--help");

        Assert.Equal(0, run.ExitCode);
        Assert.All(new[] { 0, 1, 2, 3, 5, 7, 8, 9, 27, 30, 75, 77, 78, 129, 130, 143 }, code => Assert.Matches($@"(^|\s){code}[ ,:]", run.Stdout));
    }
}
