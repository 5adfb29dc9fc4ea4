using System.Globalization;
using System.Text.RegularExpressions;
using OpsAgent.Tests.Facility.Panda;
using OpsAgent.Tests.Facility.Rucio;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Archives;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Systemd;

/// <summary>What the unit, as it is shipped, lets the agent and its doers do, under a real systemd and by their own user.</summary>
[Collection(nameof(Broker))]
public sealed partial class HardenedTests(Broker broker)
{
    private const string Open = "/opt/open";
    private const string Lfn = "log.35.tgz";

    private const string Fetch =
        $$"""{"msg_type":"fetch_payload_log","request_id":"log","scope":"group.EIC","lfn":"{{Lfn}}","jeditaskid":12,"pandaid":35}""";

    [ServerFact("systemd")]
    public async Task Systemd_finds_little_exposed()
    {
        Assert.InRange(await ExposureAsync(await UnitAsync()), 0.1, 2.0);

        // What a sandbox needs is not free, and so is a file of its own.
        var opened = await File.ReadAllTextAsync(Path.Combine(Deployment.Folder, "systemd", "sandbox.conf"));
        var lines = string.Join('\n', opened.Split('\n').Where(static l => !l.StartsWith('[') && !l.StartsWith('#')));
        Assert.InRange(await ExposureAsync((await UnitAsync()).Replace("[Install]", $"{lines}\n[Install]", StringComparison.Ordinal)), 2.0, 3.2);

        // The test can fail: the unit as it was with nothing of the kind.
        var bare = Regex.Replace(await UnitAsync(), "(?m)^(Protect|Private|Restrict|SystemCall|Capab|NoNew).*$", "");
        Assert.True(await ExposureAsync(bare) > 5);
    }

    [ServerFact("systemd", "activemq", "python3-stomp", "xrootd-server", "xrootd-client")]
    public async Task Hardened_it_fetches_over_XRootD_and_prun_renews_its_token_and_nothing_else_is_written()
    {
        await using var scene = await InstalledScene.SetAsync(broker);
        await using var xrootd = await StorageAsync(scene.Production);
        await scene.InsideAsync("install", "-d", "-m", "0777", Open);
        await scene.Service.StartAsync();
        await FetchesAsync(scene);

        scene.Production.Panda.Follow(new PandaPlan { Id = 41005, RefreshToken = true });
        var task = scene.Production.Facility.Pcs.AddTask("26.07_renews");
        await scene.Service.SendAsync(Production.Submit(task, "renews"));
        var settled = await scene.Service.SettlesAsync(scene.Listener, "renews");
        Assert.True(settled["outcome"] == "ok", $"{settled.Body}\n{scene.Service.Log}");
        Assert.Equal(41005, task.PandaTaskId);
        Assert.Equal("renewed by the client\n", await File.ReadAllTextAsync(scene.Production.Panda.TokenPath));

        // Each may be written by everybody, but not from within the unit.
        var agent = await scene.Service.ShowAsync("MainPID");
        Assert.Equal("", await TouchAsync(scene, $"{Open}/outside"));
        Assert.Contains("Read-only file system", await TouchAsync(scene, $"{Open}/inside", agent), StringComparison.Ordinal);
        Assert.Equal("", await TouchAsync(scene, $"{scene.Service.CacheFolder}/inside", agent));
        Assert.Equal("", await TouchAsync(scene, "/var/lib/opsagent/inside", agent));
        Assert.Equal("", await TouchAsync(scene, $"/tmp/opsagent-{agent}", agent));
        Assert.False(File.Exists($"/tmp/opsagent-{agent}"));
        Assert.Equal("", await scene.InsideAsync("nsenter", "-t", agent, "-m", "find", "/home", "/root", "-mindepth", "1"));

        var status = await scene.InsideAsync("cat", $"/proc/{agent}/status");
        Assert.All(["NoNewPrivs:\t1", "Seccomp:\t2", "CapEff:\t0000000000000000", "CapBnd:\t0000000000000000"], wanted => Assert.Contains(wanted, status, StringComparison.Ordinal));

        // ExecReload= and ExecStopPost= run in the same confines.
        await scene.Service.Systemd.CtlAsync("reload", ServiceScene.Unit);
        await scene.Service.Systemd.CtlAsync("stop", ServiceScene.Unit);
        Assert.Equal(("inactive", "success"), (await scene.Service.ShowAsync("ActiveState"), await scene.Service.ShowAsync("Result")));
    }

    [ServerFact("systemd", "activemq", "python3-stomp", "xrootd-server", "xrootd-client", "bubblewrap")]
    public async Task With_its_drop_in_a_sandbox_works_under_the_unit()
    {
        var shipped = await File.ReadAllTextAsync(Path.Combine(Deployment.Folder, "systemd", "sandbox.conf"));
        var lines = shipped.Split('\n').Where(static l => l.Contains('=', StringComparison.Ordinal) && !l.StartsWith('#')).ToList();
        await using var scene = await InstalledScene.SetAsync(broker, lines, InSandbox);
        await using var xrootd = await StorageAsync(scene.Production);
        await scene.Service.StartAsync();

        await FetchesAsync(scene);
    }

    /// <summary>The shipped fetch, limited and in a sandbox.</summary>
    private static string InSandbox(Production production, string manifest) => manifest.Replace(
        "credentials    = [\"rucio_proxy\"]\nfailure_marker",
        $$"""
        credentials    = ["rucio_proxy"]
        limits         = { heap = "256MiB", files = 1024, cpu = "2m", file_size = "4GiB" }
        sandbox        = { writable = ["{tmp}"], readable = ["{{production.Facility.Credentials.Folder}}"], network = true }
        failure_marker
        """,
        StringComparison.Ordinal);

    private static async Task<XrootdServer> StorageAsync(Production production)
    {
        var xrootd = await XrootdServer.StartAsync(production.Facility.Credentials);
        var tarball = LogTarball.Good();
        xrootd.Put(Lfn, tarball);
        production.Facility.Rucio.Add("group.EIC", Lfn, tarball.Length, new StandInReplica(xrootd.Url(Lfn), "BNL_XRD"));
        return xrootd;
    }

    private static async Task FetchesAsync(InstalledScene scene)
    {
        await scene.Service.SendAsync(Fetch);
        var settled = await scene.Service.SettlesAsync(scene.Listener, "log");
        Assert.True(settled["outcome"] == "ok", $"{settled.Body}\n{scene.Service.Log}");
        Assert.True(File.Exists(Path.Combine(scene.Service.CacheFolder, "panda-logs", "12", "35", ".done")));

        // A cgroup was made for it and removed, by its own user.
        Assert.Contains($"Each doer has a cgroup beneath {DelegatedTests.Own} ", scene.Service.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("A doer has no cgroup", scene.Service.Log, StringComparison.Ordinal);
        await Eventually.HoldsAsync(
            () => scene.InsideAsync("find", DelegatedTests.Own, "-name", "doer-*").GetAwaiter().GetResult().Length == 0, "it is removed");
    }

    /// <summary>Writes a file as the agent's user; what was said against it.</summary>
    private static async Task<string> TouchAsync(InstalledScene scene, string file, string? among = null)
    {
        string[] place = among is null ? [] : ["nsenter", "-t", among, "-m"];
        string[] become = ["setpriv", $"--reuid={ServiceLayout.User}", $"--regid={ServiceLayout.Group}", "--clear-groups"];
        return (await scene.Service.Systemd.RunAsync(["/usr/bin/env", .. place, .. become, "touch", file])).Output.Trim();
    }

    private static Task<string> UnitAsync() => File.ReadAllTextAsync(Path.Combine(Deployment.Folder, "systemd", ServiceScene.Unit));

    private static async Task<double> ExposureAsync(string unit)
    {
        using var folder = new TemporaryFolder();
        await using var analyze = ChildProcess.Start(
            "/usr/bin/systemd-analyze", ["security", "--offline=true", "--no-pager", folder.Write(ServiceScene.Unit, unit)], new Dictionary<string, string>());
        Assert.Equal(0, await analyze.ExitAsync());
        var level = Level().Match(analyze.Output);
        Assert.True(level.Success, analyze.Output);
        return double.Parse(level.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Overall exposure level for \S+: ([0-9.]+) ")]
    private static partial Regex Level();
}
