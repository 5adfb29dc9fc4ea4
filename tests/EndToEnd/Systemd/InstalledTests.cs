using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Docs;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Systemd;

/// <summary>
/// The agent as docs/operations.md installs it, run by its own user: what is shipped, before stand-ins of the facility's services.
/// </summary>
[Collection(nameof(Broker))]
public sealed class InstalledTests(Broker broker) : IAsyncLifetime
{
    private const string Installation = "/opt/opsagent/current/bin";
    private const string StateFolder = "/var/lib/opsagent";
    private const string Ours = InstalledScene.Ours;

    private InstalledScene _installed = null!;
    private Production _production = null!;
    private ServiceScene _scene = null!;
    private StompPyListener _listener = null!;

    public async Task InitializeAsync()
    {
        if (ServersHere.Missing("systemd", "activemq", "python3-stomp") is null)
        {
            // The stand-ins are in the temporary folder: a doer that outlives its agent would lose them with the unit's own, which ends with
            // the agent. HardenedTests have the unit as it is.
            _installed = await InstalledScene.SetAsync(broker, ["PrivateTmp=no"]);
            (_production, _scene, _listener) = (_installed.Production, _installed.Service, _installed.Listener);
        }
    }

    public async Task DisposeAsync()
    {
        if (_installed is not null)
        {
            await _installed.DisposeAsync();
        }
    }

    [ServerFact("systemd", "activemq", "python3-stomp")]
    public async Task A_submission_lives_through_the_agent_s_death_and_the_next_agent_reports_its_id()
    {
        await _scene.StartAsync();
        var submission = new HeldSubmission(_production);
        await _scene.SendAsync(submission.Body);
        var prun = await submission.IsInsertedAsync(() => _scene.Log);
        Assert.Equal("submit-task", await InsideAsync("cat", $"/proc/{prun.ParentPid}/comm"));

        await _scene.SignalAsync("SIGKILL");
        await _scene.BecomesAsync("NRestarts", "1");
        await _scene.BecomesAsync("ActiveState", "active");
        await _scene.StatusBecomesAsync(static text => text.EndsWith("; 1 running, 0 queued, 0 in doubt", StringComparison.Ordinal));
        Assert.Contains("its doers are left to the next agent", _scene.Log, StringComparison.Ordinal);
        Assert.True(await _scene.LivesAsync(prun.ParentPid), _scene.Log);
        Assert.True(await _scene.LivesAsync(prun.Pid));
        submission.LetGo();

        var settled = await _scene.SettlesAsync(_listener, HeldSubmission.RequestId);
        await submission.IsReportedAsync(settled, _listener, () => _scene.Log);
        Assert.False(await _scene.LivesAsync(prun.ParentPid));
        Assert.Equal("1", await _scene.ShowAsync("NRestarts"));
    }

    [ServerFact("systemd", "activemq", "python3-stomp")]
    public async Task It_works_as_its_own_user_and_what_it_leaves_has_the_documented_owners_and_modes()
    {
        await AsAsync(ServiceLayout.User, ServiceLayout.Group, 0, "opsagent", "--environment-file", _scene.EnvironmentFile, "--check");
        await _scene.StartAsync();
        var pong = await _scene.PingAsync(_listener);
        Assert.Equal(Ours, await InsideAsync("stat", "-c", "%U:%G", $"/proc/{pong["pid"]}"));
        await _scene.SendAsync(Production.Fetch("34", "log"));
        Assert.Equal("ok", (await _scene.SettlesAsync(_listener, "log"))["outcome"]);
        var submission = new HeldSubmission(_production);
        await _scene.SendAsync(submission.Body);
        var prun = await submission.IsInsertedAsync(() => _scene.Log);
        Assert.Equal(Ours, await InsideAsync("stat", "-c", "%U:%G", $"/proc/{prun.Pid}"));
        Assert.Equal("10", await InsideAsync("ps", "-o", "ni=", "-p", $"{prun.ParentPid}"));
        Assert.DoesNotContain("not nicer", _scene.Log, StringComparison.Ordinal);

        foreach (var row in MarkdownPage.Read("docs/operations.md").Section("Owners and modes").Tables[0])
        {
            await HasAsync(MarkdownSection.CodeIn(row[0])[0], row[1], MarkdownSection.CodeIn(row[2])[0]);
        }

        string[] others = ["!", "-user", ServiceLayout.User, "-o", "!", "-group", ServiceLayout.Group];
        Assert.Equal("", await InsideAsync(["find", StateFolder, _scene.CacheFolder, .. others]));
        await AsAsync("nobody", ServiceLayout.Group, 0, "opsctl", "--state-dir", StateFolder, "work", "list");
        await AsAsync("nobody", "nogroup", 69, "opsctl", "--state-dir", StateFolder, "work", "list");

        // A stop waits for the submission.
        await _scene.Systemd.CtlAsync("stop", "--no-block", ServiceScene.Unit);
        await _scene.BecomesAsync("ActiveState", "deactivating");
        submission.LetGo();
        await submission.IsReportedAsync(await _scene.SettlesAsync(_listener, HeldSubmission.RequestId), _listener, () => _scene.Log);
        await _scene.BecomesAsync("ActiveState", "inactive");
        Assert.Equal(("0", "success"), (await _scene.ShowAsync("ExecMainStatus"), await _scene.ShowAsync("Result")));
        Assert.Equal("", await InsideAsync("find", $"{StateFolder}/work", "-mindepth", "1"));
    }

    /// <summary>Each that a pattern of the shell means, and at least one.</summary>
    private async Task HasAsync(string pattern, string mode, string owner)
    {
        var told = await InsideAsync("sh", "-c", $"stat -c '%#a %U:%G %n' {_installed.InScene(pattern)}");
        Assert.All(told.Split('\n'), line => Assert.StartsWith($"{mode} {owner} ", line, StringComparison.Ordinal));
    }

    /// <summary>Runs one of the installed programs as that user, who is in that group alone.</summary>
    private async Task AsAsync(string user, string group, int exitCode, string program, params string[] arguments)
    {
        // As before the first start, its home is not there yet.
        string[] become = ["/usr/bin/env", "HOME=/nonexistent", "setpriv", $"--reuid={user}", $"--regid={group}", "--clear-groups"];
        var run = await _scene.Systemd.RunAsync([.. become, $"{Installation}/{program}", .. arguments]);
        Assert.True(run.ExitCode == exitCode, $"{program} as {user}:{group} ended with {run.ExitCode}: {run.Output}");
    }

    private Task<string> InsideAsync(params string[] command) => _installed.InsideAsync(command);
}
