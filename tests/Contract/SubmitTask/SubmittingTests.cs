using System.Text.Json;
using OpsAgent.Tests.Facility.Panda;
using OpsAgent.Tests.Facility.Pcs;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.SubmitTask;

[Collection(nameof(SubmitSite))]
public sealed class SubmittingTests(SubmitSite site)
{
    [Fact]
    public async Task A_task_is_submitted_once_and_recorded_as_its_owner()
    {
        using var submit = new Submit(site);

        var run = await submit.RunAsync();

        submit.AssertSubmitted(run);
        Assert.Equal("alice", submit.Task.RecordedBy);
        var record = Assert.Single(submit.Records);
        Assert.Equal($"Token {site.Facility.Pcs.Token}", record.Headers["Authorization"]);
        Assert.Equal("application/json", record.Headers["Content-Type"]);
        Assert.Equal(submit.Id, JsonDocument.Parse(record.Body).RootElement.GetProperty("jedi_task_id").GetInt64());
        Assert.Equal(["Opened", "Fetched", "Starting", "Started", "IdSeen", "Ended", "Recorded", "Concluded"], submit.Steps.Order(StepOrder.Instance));
        Assert.Contains($"  prun: INFO : succeeded. new jediTaskID={submit.Id}", run.Stderr, StringComparison.Ordinal);
        using var result = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(submit.Results, "result.json")));
        Assert.Equal($"{submit.Id}", result.RootElement.GetProperty("result").GetString());
        Assert.Equal(Path.GetFileName(submit.Sandbox) + "\n", await File.ReadAllTextAsync(Path.Combine(submit.Results, "sandbox")));
    }

    [Fact]
    public async Task Prun_gets_each_word_as_a_shell_would_make_it_and_nothing_of_ours()
    {
        using var submit = new Submit(site);
        submit.Environment["ANOTHERS_SECRET"] = "x";

        await submit.RunAsync("--auth-vo=EIC.test");

        var prun = Assert.Single(submit.Panda.Runs);
        Assert.Equal("--exec", prun.Argv[0]);
        Assert.Equal(PandaCommandText.Exec, prun.Argv[1]);
        Assert.Equal($"group.EIC:{submit.Task.ComposedName}", prun.Argv[3]);
        Assert.Equal("--outputs", prun.Argv[^2]);
        Assert.Equal("EIC.test", prun.Environment["PANDA_AUTH_VO"]);
        Assert.DoesNotContain(prun.Environment.Keys, k => k is "SWFMON_TOKEN" or "ANOTHERS_SECRET" or "SWF_MONITOR_URL" or "OPSAGENT_RESULT_DIR");
        Assert.DoesNotContain(prun.Environment.Values, v => v.Contains(site.Facility.Pcs.Token, StringComparison.Ordinal));
        Assert.True(prun.StdinIsEmpty);
        Assert.Equal(Path.Combine(submit.Sandbox, "work"), prun.Cwd);
        Assert.Empty(prun.Files);
        Assert.Equal("0o700", prun.Mode);
        Assert.Equal("700", UnixMode.Of(submit.Sandbox));
        Assert.Equal("600", UnixMode.Of(Path.Combine(submit.Sandbox, "control", "prun.log")));
        Assert.Equal("600", UnixMode.Of(Path.Combine(submit.Sandbox, "control", "journal.jsonl")));
        Assert.False(File.Exists(Path.Combine(submit.Sandbox, "control", "environment")));
    }

    [Theory]
    [InlineData("campaign/26.07/DIS")]
    [InlineData("/campaign/./26.07//DIS")]
    public async Task A_legacy_name_with_slashes_is_submitted_in_a_folder_of_the_room(string name)
    {
        using var submit = new Submit(site, name);

        submit.AssertSubmitted(await submit.RunAsync());

        Assert.Equal(Path.Combine(submit.State, "submit"), Path.GetDirectoryName(submit.Sandbox));
    }

    [Fact]
    public async Task A_name_with_slashes_that_pcs_does_not_take_in_a_path_is_found_in_its_list()
    {
        using var submit = new Submit(site, "campaign/26.07/RECO");
        using var fault = new ArmedFault(site, "task", new PcsFault { Status = 404 });

        submit.AssertSubmitted(await submit.RunAsync());
    }

    [Theory]
    [InlineData(false, "as it was")]
    [InlineData(true, "renewed by the client")]
    public async Task The_token_is_the_clients_alone(bool refresh, string content)
    {
        using var submit = new Submit(site, plan: new PandaPlan { RefreshToken = refresh });
        UnixMode.Set(submit.Panda.TokenPath, "0600");
        var before = File.GetLastWriteTimeUtc(submit.Panda.TokenPath);

        submit.AssertSubmitted(await submit.RunAsync());

        Assert.Contains(content, await File.ReadAllTextAsync(submit.Panda.TokenPath), StringComparison.Ordinal);
        Assert.Equal("600", UnixMode.Of(submit.Panda.TokenPath));
        Assert.Equal(refresh, before != File.GetLastWriteTimeUtc(submit.Panda.TokenPath));
    }

    [Fact]
    public async Task A_task_that_somebody_submits_meanwhile_is_9()
    {
        using var submit = new Submit(site);
        using var calls = new OnCalls(site, call => submit.Task.PandaTaskId = call == "task" ? 4711 : submit.Task.PandaTaskId);

        submit.AssertNothingSent(await submit.RunAsync(), 9, "already submitted as 4711");
    }

    [Fact]
    public async Task Nothing_is_written_outside_scratch_state_and_work_folder()
    {
        using var submit = new Submit(site);
        var root = Path.GetDirectoryName(submit.State)!;

        await submit.RunAsync();

        var outside = Directory.GetFiles(root, "*", SearchOption.AllDirectories)
            .Where(f => !f.StartsWith(submit.State, StringComparison.Ordinal) && !f.StartsWith(submit.Results, StringComparison.Ordinal)
                && !f.StartsWith(submit.Scratch, StringComparison.Ordinal) && !f.StartsWith(Path.Combine(root, "panda"), StringComparison.Ordinal));
        Assert.Empty(outside);
    }

    [Fact]
    public async Task Without_a_state_folder_the_users_state_home_is_used()
    {
        using var submit = new Submit(site);
        submit.Environment.Remove("OPSAGENT_STATE_DIR");

        Assert.Equal(0, (await submit.RunAsync()).ExitCode);

        Assert.Single(Directory.GetDirectories(Path.Combine(submit.Environment["HOME"], ".local", "state", "opsagent", "submit")));
    }

    private sealed class StepOrder : IComparer<string>
    {
        private static readonly string[] Steps = ["Opened", "Fetched", "Starting", "Started", "IdSeen", "Ended", "Recorded", "Concluded"];

        public static StepOrder Instance { get; } = new();

        public int Compare(string? x, string? y) => Array.IndexOf(Steps, x).CompareTo(Array.IndexOf(Steps, y));
    }
}
