using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Confinement;

/// <summary>What doers of an agent without rights of its own can do, in a sandbox and without one.</summary>
[Collection(nameof(Broker))]
public sealed class SandboxTests(Broker broker) : IAsyncLifetime
{
    private Scene _scene = null!;

    public async Task InitializeAsync()
    {
        if (ServersHere.Missing("activemq", "python3-stomp", "bubblewrap") is not null)
        {
            return;
        }

        var secrets = new Dictionary<string, string>();
        _scene = await Scene.SetAsync(broker, folder =>
        {
            secrets["HOME"] = Path.GetDirectoryName(folder.Write("home/secret", "a key"))!;
            secrets["LENT_CREDENTIAL"] = folder.Write("credentials/lent", "lent");
            secrets["WITHHELD_CREDENTIAL"] = folder.Write("credentials/withheld", "withheld");
            folder.Write("keys/web.key", new string('a', 64), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            folder.Write("settings.env", string.Join('\n', secrets.Select(static e => $"{e.Key}={e.Value}")));
            return ConfinedManifest.Of(folder, broker.ActiveMq.Port);
        }, arguments: folder => ["--environment-file", folder.At("settings.env"), "--set", $"signing.keys_dir={folder.At("keys")}"]);
        _scene.Agent.Behind = AgentUnderTest.Unprivileged;
        await RunAsync("chown", "-R", "65534:65534", _scene.Folder.Path);
        await _scene.Agent.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_scene is not null)
        {
            await _scene.DisposeAsync();
        }
    }

    [ServerFact("activemq", "python3-stomp", "bubblewrap")]
    public async Task A_doer_can_not_read_the_agent_and_in_a_sandbox_it_sees_what_it_is_lent_alone()
    {
        var (open, boxed) = (await FactsAsync("open"), await FactsAsync("boxed"));

        // The same user may do all this; but gain no rights, dump no core, and read nothing of the agent's process.
        Assert.Equal(
            "uid-65534 own-folder folder-closed cache beside lent withheld settings keys state home agent broker", Granted(open));
        Assert.Equal("uid-65534 own-folder folder-closed cache lent", Granted(boxed));
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "security.md"));
        Assert.Contains($"lets the same script try {boxed.Count} things", page, StringComparison.Ordinal);
        Assert.Equal((true, false), (File.Exists($"/tmp/left-{Key("open")}"), File.Exists($"/tmp/left-{Key("boxed")}")));
        File.Delete($"/tmp/left-{Key("open")}");
    }

    [ServerFact("activemq", "python3-stomp", "bubblewrap")]
    public void Nobody_finds_the_runtimes_diagnostics_of_the_agent()
    {
        // This program has them, so they would be found.
        Assert.NotEmpty(DiagnosticsOf(Environment.ProcessId));
        Assert.Empty(DiagnosticsOf(_scene.Agent.Process.Pid));
    }

    // Named by pid and start, the 22nd field of stat: others of the same pid may have left theirs.
    private static string[] DiagnosticsOf(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return Directory.GetFiles(Path.GetTempPath(), $"*-{pid}-{stat[stat.LastIndexOf(')')..].Split(' ')[20]}-*");
    }

    [ServerFact("activemq", "python3-stomp", "bubblewrap")]
    public async Task A_time_limit_ends_all_that_a_sandbox_holds_even_what_hides_from_every_scan()
    {
        await SendAsync("strays");
        await Eventually.HoldsAsync(() => File.Exists(Path.Combine(_scene.Agent.CacheFolder, "strayed")), () => $"it strays: {_scene.Agent.Process.Output}");
        var settled = await _scene.SettlesAsync("strays");

        Assert.Equal(("timeout", "0"), (settled["outcome"], settled["survivors"] ?? "0"));
        Assert.DoesNotContain(CommandLines(), line => line.StartsWith($"sleep\0" + $"1000.{Key("strays")}", StringComparison.Ordinal));
    }

    [ServerFact("activemq", "python3-stomp", "bubblewrap")]
    public async Task A_signal_that_ends_a_doer_in_a_sandbox_is_told_as_one()
    {
        await SendAsync("struck");
        var settled = await _scene.SettlesAsync("struck");
        Assert.Equal("error", settled["outcome"]);
        Assert.Contains("SIGKILL", settled["reason"], StringComparison.Ordinal);
    }

    [ServerFact("activemq", "python3-stomp", "bubblewrap")]
    public async Task A_doer_in_a_sandbox_outlives_its_agent_and_the_next_one_finds_it_again()
    {
        await SendAsync("held");
        await Eventually.HoldsAsync(() => File.Exists(Path.Combine(_scene.Agent.CacheFolder, "held")), () => $"it runs: {_scene.Agent.Process.Output}");
        await _scene.Agent.KillAsync();
        await _scene.Agent.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(_scene.Agent.CacheFolder, "go"), "");

        var settled = await _scene.SettlesAsync("held");
        Assert.True(settled["outcome"] == "ok", $"{settled.Body}\n{_scene.Agent.Process.Output}");
        Assert.Contains("Re-attached to pid", _scene.Agent.Process.Output, StringComparison.Ordinal);
    }

    [ServerFact("activemq", "python3-stomp", "bubblewrap")]
    public async Task Nothing_of_the_agent_s_process_is_shown_to_another_of_its_user()
    {
        var pid = _scene.Agent.Process.Pid;
        Assert.Equal("0", await AsUserAsync("sh", "-c", $"cat /proc/{pid}/environ /proc/{pid}/maps /proc/{pid}/mem 2>/dev/null | wc -c"));
        Assert.Equal("opsagent", await AsUserAsync("cat", $"/proc/{pid}/comm"));
        var limits = await File.ReadAllLinesAsync($"/proc/{pid}/limits");
        Assert.Matches("^Max core file size +0 +0 ", Assert.Single(limits, l => l.StartsWith("Max core", StringComparison.Ordinal)));
        Assert.Contains("NoNewPrivs:\t1", await File.ReadAllTextAsync($"/proc/{pid}/status"), StringComparison.Ordinal);
        Assert.Equal(0, (await _scene.Agent.OpsCtlAsync("work", "list")).ExitCode);
    }

    [ServerFact("activemq", "python3-stomp", "bubblewrap")]
    public async Task Where_bubblewrap_is_not_a_capability_that_asks_for_it_is_refused()
    {
        var config = _scene.Folder.At("prodops.toml");
        var check = $"mount --bind /dev/null /usr/bin/bwrap && exec '{Deployment.Agent}' --config '{config}' --check";
        await using var agent = ChildProcess.Start("/usr/bin/unshare", ["--mount", "sh", "-c", check], _scene.Agent.Environment);

        Assert.Equal(78, await agent.ExitAsync());
        Assert.Contains("capability.boxed.sandbox: this host has no /usr/bin/bwrap: install bubblewrap", agent.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("capability.open", agent.Output, StringComparison.Ordinal);
    }

    private string Key(string type) => $"{(type.Length * 1_000_000) + _scene.Agent.Process.Pid}";

    private Task SendAsync(string type) => _scene.SendAsync($$"""{"msg_type":"{{type}}","key":"{{Key(type)}}","request_id":"{{type}}"}""");

    /// <summary>The names of what it could do.</summary>
    private async Task<IReadOnlyDictionary<string, bool>> FactsAsync(string type)
    {
        await SendAsync(type);
        var settled = await _scene.SettlesAsync(type);
        Assert.True(settled["outcome"] == "ok", $"{settled.Body}\n{_scene.Agent.Process.Output}");
        var lines = await File.ReadAllLinesAsync(Path.Combine(_scene.Agent.CacheFolder, $"facts.{Key(type)}"));
        return lines.Select(static l => l.Split('=')).ToDictionary(static p => p[0], static p => p[1] == "yes");
    }

    private static string Granted(IReadOnlyDictionary<string, bool> facts) => string.Join(' ', facts.Where(static f => f.Value).Select(static f => f.Key));

    private static IEnumerable<string> CommandLines()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(static f => char.IsAsciiDigit(f[6])))
        {
            var line = "";
            try
            {
                line = File.ReadAllText($"{folder}/cmdline");
            }
            catch (IOException)
            {
                // Gone meanwhile.
            }

            yield return line;
        }
    }

    private static Task<string> AsUserAsync(params string[] command) => RunAsync(AgentUnderTest.Unprivileged[0], [.. AgentUnderTest.Unprivileged.Skip(1), .. command]);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        await using var process = ChildProcess.Start(program, arguments, new Dictionary<string, string>());
        var code = await process.ExitAsync();
        Assert.True(code == 0, $"{program} ended with {code}: {process.Output}");
        return process.Output.Trim();
    }
}
