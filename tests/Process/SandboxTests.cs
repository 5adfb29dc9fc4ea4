using OpsAgent.Abstractions;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Process;

/// <summary>Where a sandbox shows and hides what lies behind links.</summary>
public sealed class SandboxTests : IDisposable
{
    private static readonly DoerSandbox Cache = new() { Writable = ["{tmp}"] };

    // Outside of what every sandbox hides.
    private readonly string _host = Directory.CreateDirectory($"/run/opsagent-{Guid.NewGuid():N}").FullName;
    private readonly TemporaryFolder _hidden = new();
    private readonly Dictionary<string, string> _environment = [];
    private LaunchBench? _bench;

    public SandboxTests() => _environment["SWF_TMP_DIR"] = Directory.CreateDirectory($"{_host}/cache").FullName;

    public void Dispose()
    {
        _bench?.Dispose();
        _hidden.Dispose();
        Directory.Delete(_host, recursive: true);
    }

    [ServerFact("bubblewrap")]
    public async Task A_home_behind_a_link_is_empty_at_both_ends_and_what_is_readable_in_it_is_seen()
    {
        Write("home/secret", "secret");
        Write("home/pclient/setup", "client");
        _environment["HOME"] = Link(_hidden.At("home"), $"{_host}/home");

        Assert.Equal("client.\n./pclient\n", await ToldAsync(
            Cache with { Readable = ["{home}/pclient"] }, $"cat \"$HOME/pclient/setup\"; cd \"$HOME\"; find . -maxdepth 1; cat {_host}/home/*"));
    }

    [ServerFact("bubblewrap")]
    public async Task A_cache_behind_a_link_may_be_written()
    {
        _environment["SWF_TMP_DIR"] = Link($"{_host}/link", $"{_host}/cache");
        Assert.Equal("", await ToldAsync(Cache, "touch \"$SWF_TMP_DIR/touched\""));
        Assert.True(File.Exists($"{_host}/cache/touched"));

        _environment["SWF_TMP_DIR"] = Link(_hidden.At("link"), $"{_host}/cache");
        Assert.Equal("", await ToldAsync(Cache, "rm \"$SWF_TMP_DIR/touched\""));
        Assert.False(File.Exists($"{_host}/cache/touched"));
    }

    [ServerFact("bubblewrap")]
    public async Task A_lent_credential_may_be_a_link_wherever_link_and_file_are()
    {
        Write("credentials/real", "lent");
        var hidden = _hidden.Write("real", "lent");
        foreach (var link in new[]
        {
            Link($"{_host}/one", $"{_host}/credentials/real"), Link($"{_host}/two", hidden),
            Link(_hidden.At("three"), $"{_host}/credentials/real"), Link(_hidden.At("four"), hidden), Link($"{_host}/five", _hidden.At("four")),
        })
        {
            Assert.Equal("lent", await ToldAsync(Cache with { Lent = [link] }, $"cat {link}"));
        }
    }

    [ServerFact("bubblewrap")]
    public async Task What_is_renewed_in_its_folder_may_be_written_there_and_nothing_else_beside_that_folder()
    {
        Write("credentials/token", "old");
        foreach (var token in new[] { _hidden.Write("home/.pathena/.token", "old"), Link(_hidden.At("home", ".pathena", "link"), $"{_host}/credentials/token") })
        {
            _environment["HOME"] = _hidden.At("home");
            var script = $"cat {token}; printf new >{token}; touch {_host}/credentials/more; cd $HOME; find . -maxdepth 1";
            Assert.Equal("old.\n./.pathena\n", await ToldAsync(new DoerSandbox { Renewed = [token] }, script));
            Assert.Equal("new", await File.ReadAllTextAsync(token));
            Assert.False(File.Exists($"{_host}/credentials/more"));
        }

        // A folder with more in it that is hidden is not shown for the token's sake.
        var bare = _hidden.Write("home/.token", "old");
        _hidden.Write("home/secret", "secret");
        Assert.Equal("old.\n./.token\n", await ToldAsync(new DoerSandbox { Renewed = [bare] }, $"cat {bare}; printf new >{bare}; cd $HOME; find . -maxdepth 1"));
        Assert.Equal("new", await File.ReadAllTextAsync(bare));
    }

    [ServerFact("bubblewrap")]
    public async Task What_is_withheld_is_hidden_wherever_it_is_seen()
    {
        Write("home/pclient/token", "withheld");
        Write("home/pclient/setup", "client");
        _environment["HOME"] = Link(_hidden.At("home"), $"{_host}/home");
        Assert.Equal("client", await ToldAsync(
            new DoerSandbox { Readable = ["{home}/pclient"], Withheld = [$"{_host}/home/pclient/token"] }, "cat \"$HOME/pclient/setup\" \"$HOME/pclient/token\""));
    }

    [ServerFact("bubblewrap")]
    public async Task What_is_withheld_stays_hidden_when_it_is_renewed_by_rename()
    {
        Write("credentials/withheld", "first");
        Write("credentials/lent", "lent");
        Write("settings/env", "first");
        _bench = new LaunchBench(_environment, o => o.Secrets = [$"{_host}/settings/env"]);
        var script = $"touch ready; until [ -e \"$SWF_TMP_DIR/go\" ]; do sleep 0.01; done; cat {_host}/credentials/* {_host}/settings/env; true";
        var run = _bench.Begin(LaunchBench.Shell(script) with
        {
            Environment = ["SWF_TMP_DIR"],
            Sandbox = Cache with { Lent = [$"{_host}/credentials/lent"], Withheld = [$"{_host}/credentials/withheld"] },
        });
        await run.ReadyAsync();
        foreach (var file in new[] { "credentials/withheld", "settings/env" })
        {
            Write($"{file}.new", "renewed");
            File.Move($"{_host}/{file}.new", $"{_host}/{file}", overwrite: true);
        }

        Write("cache/go", "");
        Assert.Equal((Outcome.Ok, "lent"), ((await run.Result).Outcome, (await run.Result).Stdout));
    }

    [ServerTheory("bubblewrap")]
    [InlineData("coming/withheld")]
    [InlineData("coming/later/withheld")]
    [InlineData("link/withheld")]
    [InlineData("mixed/withheld")]
    [InlineData("mixed/renewed")]
    [InlineData("mixed/pointer")]
    public async Task What_is_withheld_is_not_seen_when_it_comes_while_a_doer_runs_and_what_lies_beside_it_is(string withheld)
    {
        Write("mixed/other", "other");
        Write("mixed/folder/inner", "inner");
        Write("mixed/renewed", "first");
        Write("coming/file", "file");
        Directory.CreateDirectory($"{_host}/target");
        Link($"{_host}/link", $"{_host}/target");
        Link($"{_host}/mixed/alias", "other");
        Link($"{_host}/mixed/pointer", $"{_host}/mixed/pointed");
        _bench = new LaunchBench(_environment);
        var script = "touch ready; until [ -e \"$SWF_TMP_DIR/go\" ]; do sleep 0.01; done; "
            + $"cd {_host}; cat {withheld} target/* mixed/pointed; cat mixed/other mixed/alias mixed/folder/inner; true";
        var run = _bench.Begin(LaunchBench.Shell(script) with { Environment = ["SWF_TMP_DIR"], Sandbox = Cache with { Withheld = [$"{_host}/{withheld}"] } });
        await run.ReadyAsync();
        Write("new", "secret");
        Directory.CreateDirectory(Path.GetDirectoryName($"{_host}/{withheld}")!);
        File.Move($"{_host}/new", withheld == "mixed/pointer" ? $"{_host}/mixed/pointed" : $"{_host}/{withheld}", overwrite: true);

        Write("cache/go", "");
        var result = await run.Result;
        Assert.Equal((Outcome.Ok, "otherotherinner"), (result.Outcome, result.Stdout));
    }

    [ServerFact("bubblewrap")]
    public async Task What_is_seen_of_the_host_can_only_be_read_and_its_processes_and_its_network_are_not_there()
    {
        foreach (var path in new[] { "credentials/lent", "readable/file", "hidden/secret", "state/key" })
        {
            Write(path, "host");
        }

        _bench = new LaunchBench(_environment, o => o.Secrets = [$"{_host}/state"]);
        var script = $"cd {_host}; cat hidden/* state/*; "
            + "for f in credentials/lent readable/file $OPSAGENT_LEFT_DIR/file; do printf x >$f; cat $f; done; readlink /proc/self/ns/pid /proc/self/ns/ipc /proc/self/ns/net";
        var sandbox = new DoerSandbox { Lent = [$"{_host}/credentials/lent"], Readable = [$"{_host}/readable"], Hidden = [$"{_host}/hidden"] };
        var context = _bench.Context(LaunchBench.Shell(script) with { Sandbox = sandbox }) with { IsLookUp = true };
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(_bench.Folders.PathOf(context.RequestId, context.Attempt)).FullName, "file"), "left");

        var told = (await _bench.Runner.RunAsync(context, default).WaitAsync(LaunchBench.Limit)).Stdout;

        Assert.StartsWith("hosthostleftpid:[", told, StringComparison.Ordinal);
        Assert.All(["pid", "ipc", "net"], name => Assert.Contains($"{name}:[", told, StringComparison.Ordinal));
        Assert.All(["pid", "ipc", "net"], name => Assert.DoesNotContain(new FileInfo($"/proc/self/ns/{name}").LinkTarget!, told, StringComparison.Ordinal));
    }

    [ServerFact("bubblewrap")]
    public async Task A_sandbox_that_can_not_be_set_up_is_no_run_whatever_the_doer_s_exit_codes_mean()
    {
        _bench = new LaunchBench(_environment);
        var codes = new Dictionary<int, Outcome> { [1] = Outcome.Unknown };
        var missing = await _bench.RunAsync(LaunchBench.Shell("true") with { Sandbox = new DoerSandbox { Writable = [$"{_host}/missing"] }, ExitCodes = codes });
        Assert.Equal((Outcome.Error, false, null), (missing.Outcome, missing.Ran, missing.ExitCode));
        Assert.StartsWith("bwrap: ", missing.Reason, StringComparison.Ordinal);

        foreach (var script in new[] { "exit 1", "echo lost >&2; exit 1", "echo bwrap: >&2; echo and more >&2; exit 1" })
        {
            var ran = await _bench.RunAsync(LaunchBench.Shell(script) with { Sandbox = Cache, ExitCodes = codes });
            Assert.Equal((Outcome.Unknown, true, 1), (ran.Outcome, ran.Ran, ran.ExitCode));
        }
    }

    private static string Link(string path, string target) => File.CreateSymbolicLink(path, target).FullName;

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName($"{_host}/{path}")!);
        File.WriteAllText($"{_host}/{path}", text);
    }

    /// <summary>What a script prints that may not say of itself how it ends.</summary>
    private async Task<string> ToldAsync(DoerSandbox sandbox, string script)
    {
        _bench?.Dispose();
        _bench = new LaunchBench(_environment);
        var plan = LaunchBench.Shell($"{{ {script}; }}; true") with { Sandbox = sandbox, Environment = ["SWF_TMP_DIR"] };
        var result = await _bench.RunAsync(plan);
        Assert.True(result.Outcome == Outcome.Ok, result.Reason);
        return result.Stdout;
    }
}
