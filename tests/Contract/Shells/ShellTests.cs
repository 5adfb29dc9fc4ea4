using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Contract.Shells;

/// <summary>opsctl's completion scripts in the shells themselves.</summary>
public sealed class ShellTests : IAsyncLifetime
{
    private const string All = "\u001b*";
    private ShellScene _scene = null!;

    public async Task InitializeAsync() => _scene = await ShellScene.SetAsync();

    public async Task DisposeAsync()
    {
        Assert.Empty(_scene.Owned());
        await _scene.DisposeAsync();
    }

    [Fact]
    public async Task Bash_completes()
    {
        await using var bash = await InteractiveShell.BashAsync(_scene);
        await EverywhereAsync(bash);
        await bash.MakesAsync("opsctl --config files/a\t", @"opsctl --config files/a\ b\ \$\(touch\ owned\).toml ");
        await bash.MakesAsync("opsctl work list --state=q\t", "opsctl work list --state=queued ");
        await bash.MakesAsync("opsctl work show night\t", "opsctl work show nightly:2026 ");
        await bash.MakesAsync("opsctl work show nightly:\t", "opsctl work show nightly:2026 ");
        await bash.MakesAsync("opsctl work show \"nightly:\t", "opsctl work show \"nightly:2026\" ");
    }

    [ServerFact("zsh")]
    public async Task Zsh_completes_and_describes()
    {
        await using var zsh = await InteractiveShell.ZshAsync(_scene);
        await EverywhereAsync(zsh);
        await zsh.MakesAsync("opsctl --config files/a\t", @"opsctl --config files/a\ b\ \$\(touch\ owned\).toml ");
        await zsh.MakesAsync("opsctl --config=files/c\t", "opsctl --config=files/c.toml ");
        await zsh.MakesAsync("opsctl work show night\t", "opsctl work show nightly:2026 ");

        const string list = "\u0004";
        await zsh.TypeAsync($"opsctl work {list}");
        await zsh.TypeAsync($"opsctl send {list}");
        await Eventually.HoldsAsync(() => zsh.Screen.Contains("why     Why a request is where it is", StringComparison.Ordinal), () => zsh.Screen);
        await Eventually.HoldsAsync(
            () => zsh.Screen.Contains(@"refresh  refresh $(touch owned) \u001b]0;owned\u0007", StringComparison.Ordinal), () => zsh.Screen);
        Assert.DoesNotContain("\u001b]0;owned", zsh.Screen, StringComparison.Ordinal);
    }

    [ServerFact("zsh")]
    public async Task Zsh_takes_the_script_also_from_its_start_up_file()
    {
        await using var zsh = await InteractiveShell.ZshAsync(_scene, sourced: true);
        await zsh.MakesAsync("opsctl pi\t", "opsctl ping ");
        await zsh.MakesAsync($"opsctl work {All}", "opsctl work list show why cancel settle retry ");
    }

    [ServerFact("fish")]
    public async Task Fish_completes()
    {
        await using var fish = await InteractiveShell.FishAsync(_scene);
        await OneByOneAsync(fish);
        await fish.MakesAsync("opsctl --config files/a\t", @"opsctl --config files/a\ b\ \$\(touch\ owned\).toml ");
        await fish.MakesAsync("opsctl --config=files/c\t", "opsctl --config=files/c.toml ");
        await fish.MakesAsync("opsctl work show night\t", "opsctl work show nightly:2026 ");
        Assert.DoesNotContain("\u001b]0;owned", fish.Screen, StringComparison.Ordinal);
    }

    [ServerFact("fish")]
    public async Task Fish_describes()
    {
        var work = await FishAsync("opsctl work ");
        Assert.Equal(["list", "show", "why", "cancel", "settle", "retry"], work.Select(w => w.Word));
        Assert.Equal("One request, whole.", work[1].Description);
        Assert.Equal([("name=", "text(20), required"), ("force=", "flag")], await FishAsync("opsctl send refresh "));
        Assert.Equal([("refresh", @"refresh $(touch owned) \u001b]0;owned\u0007")], await FishAsync("opsctl capabilities show "));
        Assert.Equal(["files/", "functions/", "state/"], (await FishAsync("opsctl --state-dir ")).Select(w => w.Word));

        IReadOnlyList<(string Word, string Description)> ids = [];
        await Eventually.HoldsAsync(
            () => (ids = FishAsync("opsctl work why ").GetAwaiter().GetResult()).Count > 0, "ids", TimeSpan.FromMinutes(1));
        Assert.Equal(["nightly:2026", "0198c1f2a3b4"], ids.Select(i => i.Word));
        Assert.All(ids, i => Assert.StartsWith(@"\u001b]0;owned\u0007$(touch owned), ", i.Description, StringComparison.Ordinal));
    }

    /// <summary>What bash and zsh, which can put in all words at once, make of the same keys.</summary>
    private static async Task EverywhereAsync(InteractiveShell shell)
    {
        await OneByOneAsync(shell);
        await shell.MakesAsync($"opsctl {All}", "opsctl ping send watch capabilities capability status top work logs reload shutdown enqueue keys guard doctor completion man ");
        await shell.MakesAsync($"opsctl work {All}", "opsctl work list show why cancel settle retry ");
        await shell.MakesAsync($"opsctl ping -{All}", (await shell.TypeAsync($"opsctl -{All}"))
            .Replace("opsctl ", "opsctl ping -c --count --interval --timeout ", StringComparison.Ordinal)
            .Replace("--version ", "", StringComparison.Ordinal));
        await shell.MakesAsync($"opsctl -o {All}", "opsctl -o text json ");

        // Newest first, and nothing that a shell would read.
        await shell.MakesAsync($"opsctl work show {All}", "opsctl work show nightly:2026 0198c1f2a3b4 ");
        await shell.MakesAsync($"opsctl work cancel {All}", "opsctl work cancel nightly:2026 ");
        await shell.MakesAsync("opsctl work list --state \"q\t", "opsctl work list --state \"queued\" ");
    }

    private static async Task OneByOneAsync(InteractiveShell shell)
    {
        await shell.MakesAsync("opsctl pi\t", "opsctl ping ");
        await shell.MakesAsync("opsctl capabilities s\t", "opsctl capabilities show ");
        await shell.MakesAsync("opsctl capabilities show r\t", "opsctl capabilities show refresh ");
        await shell.MakesAsync("opsctl send refresh na\t", "opsctl send refresh name=");
        await shell.MakesAsync("opsctl send refresh --wait name=x fo\t", "opsctl send refresh --wait name=x force=");
        await shell.MakesAsync("opsctl --output=j\t", "opsctl --output=json ");
        await shell.MakesAsync("true; opsctl --tl\t", "true; opsctl --tls ");
        await shell.MakesAsync("NO_COLOR=1 opsctl stat\t", "NO_COLOR=1 opsctl status ");
        await shell.MakesAsync($"{Deployment.OpsCtl} stat\t", $"{Deployment.OpsCtl} status ");
        await shell.MakesAsync("opsctl --config files/c\t", "opsctl --config files/c.toml ");
        await shell.MakesAsync("opsctl --config ~/files/su\t", "opsctl --config ~/files/sub/");
        await shell.MakesAsync("opsctl --state-dir $HOME/fi\t", "opsctl --state-dir $HOME/files/");
        await shell.MakesAsync("opsctl --state-dir=fi\t", "opsctl --state-dir=files/");
        await shell.MakesAsync("opsctl work show 019\t", "opsctl work show 0198c1f2a3b4 ");
        await shell.MakesAsync("opsctl work show '$(touch\t", "opsctl work show '$(touch");
        await shell.MakesAsync("opsctl --config agent.toml nothing \t", "opsctl --config agent.toml nothing ");
    }

    private async Task<IReadOnlyList<(string Word, string Description)>> FishAsync(string line)
    {
        await using var fish = ChildProcess.Start(
            "/usr/bin/fish", ["--no-config", "-c", "cd; source ~/opsctl.fish; complete -C $argv[1]", line], _scene.Environment);
        Assert.True(await fish.ExitAsync() == 0, fish.Output);
        return [.. fish.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')).Select(p => (p[0], p.ElementAtOrDefault(1) ?? ""))];
    }
}
