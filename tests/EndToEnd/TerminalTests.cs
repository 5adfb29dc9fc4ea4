using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>opsctl as somebody at a terminal has it, and as a pipe has it.</summary>
[Collection(nameof(Broker))]
public sealed class TerminalTests(Broker broker) : IAsyncLifetime
{
    private const string Enter = "\u001b[?1049h";
    private const string Leave = "\u001b[?1049l";

    private Scene _scene = null!;

    public async Task InitializeAsync()
    {
        _scene = await Scene.SetAsync(broker, Manifests.Small);
        await _scene.Agent.StartAsync();
    }

    public async Task DisposeAsync() => await _scene.DisposeAsync();

    [ServerFact("activemq", "python3-stomp", "bsdutils")]
    public async Task Status_is_watched_in_its_place_until_Ctrl_C_and_the_last_picture_stays()
    {
        await using var terminal = Start(80, "status", "--watch", "--interval", "200ms");
        await terminal.ShowsAsync("Ctrl-C ends it");
        var first = terminal.Screen.Length;
        await Eventually.HoldsAsync(() => terminal.Screen.IndexOf("\u001b[H", first, StringComparison.Ordinal) > 0, "it is drawn again");
        await terminal.TypeAsync(TerminalProcess.Interrupt);

        Assert.Equal(0, await terminal.ExitAsync());
        Assert.StartsWith(Enter, terminal.Screen, StringComparison.Ordinal);
        var after = terminal.Screen.Split(Leave)[1];
        Assert.Contains("LANE", after, StringComparison.Ordinal);
        Assert.Contains("\u001b[32mREADY\u001b[0m", after, StringComparison.Ordinal);
    }

    [ServerFact("activemq", "python3-stomp", "bsdutils")]
    public async Task Send_turns_while_it_waits_and_Ctrl_C_says_how_to_ask_later()
    {
        await using var terminal = Start(100, "send", "wait_for", "key=1", "--request-id", "t-1", "--wait");
        await terminal.ShowsAsync("1 s waiting for the settlement");
        await terminal.TypeAsync(TerminalProcess.Interrupt);

        Assert.Equal(130, await terminal.ExitAsync());
        Assert.Contains("\r\u001b[K", terminal.Screen, StringComparison.Ordinal);
        Assert.Contains("opsctl work why t-1", terminal.Screen, StringComparison.Ordinal);
    }

    [ServerFact("activemq", "python3-stomp", "bsdutils")]
    public async Task On_a_narrow_terminal_no_id_is_cut()
    {
        const string id = "an-id-of-thirty-two-characters-1";
        Assert.Equal(0, (await RunAsync("send", "note", "n=8", "--wait", "--request-id", id)).ExitCode);

        await using var terminal = Start(40, "work", "list");

        Assert.Equal(0, await terminal.ExitAsync());
        Assert.Contains(id, terminal.Screen, StringComparison.Ordinal);
        Assert.All(terminal.Screen.Split("\r\n"), static l => Assert.InRange(l.Replace("\u001b[", "", StringComparison.Ordinal).Length, 0, 60));
    }

    [ServerFact("activemq", "python3-stomp", "bsdutils")]
    public async Task A_dumb_terminal_gets_plain_text_and_no_question()
    {
        await using var status = Start(80, "TERM=dumb", "status");
        Assert.Equal(0, await status.ExitAsync());
        Assert.Contains("READY", status.Screen, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', status.Screen);

        await using var shutdown = Start(80, "TERM=dumb", "shutdown");
        Assert.Equal(64, await shutdown.ExitAsync());
        Assert.Contains("--yes", shutdown.Screen, StringComparison.Ordinal);
    }

    [ServerFact("activemq", "python3-stomp", "bsdutils")]
    public async Task A_question_that_is_answered_with_no_leaves_the_agent_alone()
    {
        await using var terminal = Start(80, "shutdown");
        await terminal.ShowsAsync("[y/N]");
        await terminal.TypeAsync("n\r");

        Assert.Equal(1, await terminal.ExitAsync());
        Assert.Equal(0, (await RunAsync("ping", "--count", "1")).ExitCode);
    }

    [ServerFact("activemq", "python3-stomp", "bsdutils")]
    public async Task A_reader_that_has_enough_ends_a_watch_and_leaves_no_trace()
    {
        var list = await ShellAsync("\"$1\" work list | head -n 0; \"$1\" work list -o json | true");
        Assert.Equal("no such requests\n", list.Output);

        await using var watch = ChildProcess.Start(
            "/bin/sh", ["-c", "\"$1\" watch --raw | head -n 1; echo over", "sh", Deployment.OpsCtl], _scene.Agent.Environment);
        await Eventually.HoldsAsync(
            () =>
            {
                // Until the watch has subscribed, nobody hears it.
                _scene.SendAsync("""{"msg_type":"note","n":"1"}""").GetAwaiter().GetResult();
                return watch.HasExited;
            },
            () => $"the end of the watch:\n{watch.Output}");
        Assert.EndsWith("over\n", watch.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal(2, watch.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [ServerFact("activemq", "python3-stomp", "bsdutils")]
    public async Task A_full_disk_is_told_without_a_trace()
    {
        var run = await ShellAsync("\"$1\" status >/dev/full");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("opsctl: the result can't be written: No space left on device", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(" at OpsAgent", run.Output, StringComparison.Ordinal);
    }

    private TerminalProcess Start(int columns, params string[] words)
    {
        var environment = new Dictionary<string, string>(_scene.Agent.Environment);
        foreach (var setting in words.TakeWhile(static w => w.Contains('=', StringComparison.Ordinal)))
        {
            environment[setting.Split('=')[0]] = setting.Split('=')[1];
        }

        string[] arguments = [.. words.SkipWhile(static w => w.Contains('=', StringComparison.Ordinal)), "--config", _scene.Folder.At("prodops.toml")];
        return TerminalProcess.Start(Deployment.OpsCtl, arguments, environment, columns);
    }

    private async Task<ProgramRun> ShellAsync(string script)
    {
        await using var shell = ChildProcess.Start("/bin/sh", ["-c", script, "sh", Deployment.OpsCtl], _scene.Agent.Environment);
        return new ProgramRun(await shell.ExitAsync(), shell.Output);
    }

    private Task<ProgramRun> RunAsync(params string[] arguments) =>
        _scene.Agent.OpsCtlAsync([.. arguments, "--config", _scene.Folder.At("prodops.toml")]);
}
