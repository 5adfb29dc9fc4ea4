using System.Text.RegularExpressions;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.EndToEnd.Demo;

/// <summary>./build.sh demo, as somebody runs it who has just cloned the repository.</summary>
[Collection(nameof(Newcomer))]
public sealed partial class DemoTests(Newcomer newcomer, ITestOutputHelper output)
{
    [Fact]
    public void From_a_clean_checkout_it_shows_the_way_of_a_request_within_two_minutes()
    {
        output.WriteLine($"{newcomer.FirstTook.TotalSeconds:0} s of {Newcomer.Promised.TotalSeconds:0} s");
        var (code, said) = newcomer.First;

        Assert.True(code == 0, said);
        Assert.True(newcomer.FirstTook <= Newcomer.Promised, $"it took {newcomer.FirstTook}, more than {Newcomer.Promised}:\n{said}");
        InOrder(said,
            "opsagent --standalone", "$ opsctl ping", "| pong 1: ", "$ opsctl send fetch_payload_log ", "the agent starts the doer payload-log, pid ",
            "payload_log_ready", "| ---- payload of PanDA job 6123456789, task 34501", "$ opsctl work why ", "exit code 0",
            "$ opsctl send submit_task ", "prodtask_submitted of task", "JEDI task 35001, recorded as demo",
            "$ opsctl send rucio_snapshot_update ", "rucio_snapshot_ready", "/RECO/26.02.0: 1 datasets", "outputs of its own",
            "its System page has prodops-agent-", "INFO payload_log_fetch panda_job:6123456789 ok", "INFO task_submit ", "INFO rucio_sweep ok",
            "ended with 0", "Nothing is left running");
        Assert.Contains("settled: fetch_payload_log demo-1, ok", said, StringComparison.Ordinal);
        NothingIsLeft();
    }

    [Theory]
    [InlineData("rucio", 14, "Connection refused")]
    [InlineData("door", 19, "Connection reset by peer")]
    [InlineData("disk", 27, "No space left on device")]
    public async Task What_is_broken_on_purpose_is_told_as_it_is(string what, int doerExit, string reason)
    {
        var (code, said) = await newcomer.DemoAsync("--break", what);

        if (what == "disk" && !await MayMountAsync())
        {
            Assert.True(code == 69, said);
            Assert.Contains("user namespaces", said, StringComparison.Ordinal);
        }
        else
        {
            Assert.True(code == 0, said);
            InOrder(said, "$ opsctl send", "the page hears payload_log_failed", $"payload-log ended with {doerExit}: ", "/.error", "\"last_error\":", "$ opsctl work why ", reason);
            InOrder(said, "$ opsctl work why ", $"exit code {doerExit}", "| pong 1: ", "ended with 0");
        }

        NothingIsLeft();
    }

    [Fact]
    public async Task Where_no_file_system_can_be_mounted_a_full_disk_is_not_shown_and_that_is_said()
    {
        var poor = Directory.CreateDirectory(newcomer.Folder.At("poor")).FullName;
        UnixMode.Set(poor, "0755");
        var unshare = newcomer.Folder.Write("poor/unshare", "#!/bin/sh\necho 'unshare failed: Operation not permitted' >&2\nexit 1\n");
        UnixMode.Set(unshare, "0755");

        await using var demo = newcomer.StartShell($"PATH={poor}:$PATH exec ./build.sh demo --break disk");

        Assert.True(await demo.ExitAsync(Newcomer.Limit) == 69, demo.Output);
        Assert.Contains("Operation not permitted", demo.Output, StringComparison.Ordinal);
        Assert.Contains("--break rucio", demo.Output, StringComparison.Ordinal);
        NothingIsLeft();
    }

    [Fact]
    public async Task Two_in_one_checkout_at_the_same_time_do_not_disturb_each_other()
    {
        var both = await Task.WhenAll(newcomer.DemoAsync(), newcomer.DemoAsync());

        Assert.All(both, demo => Assert.True(demo.ExitCode == 0, demo.Output));
        Assert.Equal(2, both.Select(demo => BrokerPort().Match(demo.Output).Value).Distinct().Count());
        NothingIsLeft();
    }

    [Fact]
    public async Task Kept_running_it_can_be_talked_to_as_it_says_until_Ctrl_C()
    {
        await using var demo = newcomer.StartDemo("--keep");
        await KeptAsync(demo);
        var pasted = string.Join('\n', demo.Output.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("export ", StringComparison.Ordinal) || line.StartsWith("opsctl=", StringComparison.Ordinal)));
        var again = Assert.Single(demo.Output.Split('\n'), line => line.Contains("force:=true", StringComparison.Ordinal)).Trim();

        await using var shell = newcomer.StartShell($"set -e\n{pasted}\n$opsctl status\n$opsctl ping --count 1\n{again}\n");

        Assert.True(await shell.ExitAsync() == 0, shell.Output);
        InOrder(shell.Output, "connected to 127.0.0.1:", "pong 1: ", "fetch_payload_log ", " ok after ");
        await using var interrupt = ChildProcess.Start("kill", ["-INT", "--", $"-{demo.Pid}"], new Dictionary<string, string>());
        Assert.Equal(0, await interrupt.ExitAsync());
        Assert.True(await demo.ExitAsync(Newcomer.Limit) == 0, demo.Output);
        NothingIsLeft();
    }

    [Fact]
    public async Task Ctrl_C_before_the_end_tidies_up()
    {
        await using var demo = newcomer.StartDemo();
        await WritesAsync(demo, "$ opsctl ping");
        await using var interrupt = ChildProcess.Start("kill", ["-INT", "--", $"-{demo.Pid}"], new Dictionary<string, string>());

        Assert.True(await demo.ExitAsync(Newcomer.Limit) == 130, demo.Output);
        Assert.True(!newcomer.Leftovers.Any(), demo.Output);
        NothingIsLeft();
    }

    [Fact]
    public async Task An_agent_that_ends_by_itself_is_a_failure_that_keeps_its_log()
    {
        await using var demo = newcomer.StartDemo("--keep");
        await KeptAsync(demo);
        Posix.Kill(Assert.Single(newcomer.Running(), pid => Processes.CommandLine(pid).Contains("bin/opsagent --standalone", StringComparison.Ordinal)), PosixSignalNumber.Kill);

        Assert.True(await demo.ExitAsync(Newcomer.Limit) == 1, demo.Output);
        Assert.Contains("the agent has ended by itself", demo.Output, StringComparison.Ordinal);
        var log = KeptLog().Match(demo.Output).Groups[1].Value;
        Assert.Contains("consuming /queue/epicprod.ops", await File.ReadAllTextAsync(log), StringComparison.Ordinal);
        var kept = Assert.Single(newcomer.Leftovers);
        Assert.Equal(["cache", "log", "state"], Directory.EnumerateFileSystemEntries(kept).Select(Path.GetFileName).Order());
        Directory.Delete(kept, recursive: true);
        NothingIsLeft();
    }

    [Fact]
    public async Task When_the_build_program_is_killed_the_demo_ends_and_tidies_up_by_itself()
    {
        await using var demo = newcomer.StartDemo("--keep");
        await KeptAsync(demo);
        var program = Assert.Single(newcomer.Running(), pid => Processes.CommandLine(pid).Contains("opsagent-demo.dll", StringComparison.Ordinal));
        Posix.Kill(Processes.Parent(program), PosixSignalNumber.Kill);

        await Eventually.HoldsAsync(() => newcomer.Running().Count == 0, () => $"all has ended; it wrote:\n{demo.Output}");
        NothingIsLeft();
    }

    [Theory]
    [InlineData("--break")]
    [InlineData("--break", "everything")]
    [InlineData("--quickly")]
    public async Task A_wrong_command_line_ends_with_64_before_anything_is_built(params string[] arguments)
    {
        var (code, said) = await newcomer.DemoAsync(arguments);
        Assert.Equal(64, code);
        Assert.DoesNotContain("Building", said, StringComparison.Ordinal);
    }

    private static async Task KeptAsync(ChildProcess demo) => await WritesAsync(demo, "the whole tree");

    private static Task WritesAsync(ChildProcess demo, string text) => Eventually.HoldsAsync(
        () => demo.HasExited ? throw new InvalidOperationException($"it ended:\n{demo.Output}") : demo.Output.Contains(text, StringComparison.Ordinal),
        () => $"'{text}' in:\n{demo.Output}",
        Newcomer.Limit);

    private static void InOrder(string said, params string[] parts)
    {
        var from = 0;
        foreach (var part in parts)
        {
            var at = said.IndexOf(part, from, StringComparison.Ordinal);
            Assert.True(at >= 0, $"'{part}' is not where it is due in:\n{said}");
            from = at + part.Length;
        }
    }

    private void NothingIsLeft()
    {
        Assert.Empty(newcomer.Running().Select(pid => $"{pid} {Processes.CommandLine(pid)}"));
        Assert.Empty(newcomer.Leftovers);
    }

    private async Task<bool> MayMountAsync()
    {
        await using var trial = newcomer.StartShell("unshare -Urm sh -c 'mount -t tmpfs -o size=64k trial /mnt'");
        return await trial.ExitAsync() == 0;
    }

    [GeneratedRegex(@"broker on 127\.0\.0\.1:\d+")]
    private static partial Regex BrokerPort();

    [GeneratedRegex(@"the agent's log is kept: (\S+)")]
    private static partial Regex KeptLog();
}
