using System.Globalization;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Cgroups;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>An agent that was killed in a doer's grace, and what no look at /proc can tell to be that doer's.</summary>
[Collection(nameof(Broker))]
public sealed class CgroupTests(Broker broker)
{
    private const string Doer = """
        cd "$SWF_TMP_DIR"; if [ -e escaped ]; then exit 0; fi; echo $$ >doer
        (setsid env -i sh -c 'echo $$ >made; mv made escaped; exec sleep 1001' &)
        exec sleep 1002
        """;

    [CgroupFact("activemq", "python3-stomp")]
    public async Task With_a_cgroup_the_next_agent_ends_it_before_it_runs_the_request_again()
    {
        using var own = new DelegatedCgroup();
        await using var scene = await BeginAsync(own);
        var escaped = await PidAsync(scene, "escaped");
        var doer = await PidAsync(scene, "doer");

        // SIGTERM has ended the doer, and the agent waits for what is left.
        await Eventually.HoldsAsync(() => !IsAlive(doer), () => $"the doer is ended; the agent wrote:\n{scene.Agent.Process.Output}");
        await scene.Agent.KillAsync();
        Assert.True(IsAlive(escaped));

        await scene.Agent.StartAsync();
        var settled = await scene.SettlesAsync("h");
        Assert.True(settled["outcome"] == "ok", $"{settled.Body}\n{scene.Agent.Process.Output}");
        Assert.False(IsAlive(escaped));
        Assert.Contains($"Each doer has a cgroup beneath {own.Folder}", scene.Agent.Process.Output, StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => !own.Doers.Any(), "its cgroups are removed");
    }

    [CgroupFact("activemq", "python3-stomp")]
    public async Task Without_one_it_outlives_its_doer_and_the_agent_says_that_there_is_none()
    {
        using var own = new DelegatedCgroup(isDelegated: false);
        await using var scene = await BeginAsync(own);
        var escaped = await PidAsync(scene, "escaped");
        Assert.Equal("timeout", (await scene.SettlesAsync("h"))["outcome"]);
        Assert.True(IsAlive(escaped));
        Assert.Contains($"Doers have no cgroup and are ended by a look at all processes: {own.Folder} is not delegated", scene.Agent.Process.Output, StringComparison.Ordinal);
    }

    private async Task<Scene> BeginAsync(DelegatedCgroup own)
    {
        var scene = await Scene.SetAsync(broker, Manifest);
        scene.Agent.Behind = own.Behind;
        await scene.Agent.StartAsync();
        await scene.SendAsync("""{"msg_type":"hide","request_id":"h"}""");
        return scene;
    }

    private static string Manifest(TemporaryFolder folder) => $$"""
        [lane.all]
        slots = 1

        [capability.hide]
        description = "start what hides"
        doer        = ["{{Manifests.Program(folder, "hide", Doer)}}"]
        timeout     = "2s"
        grace       = "60s"
        lane        = "all"
        recovery    = "rerun"
        environment = ["SWF_TMP_DIR"]
        """;

    private static async Task<int> PidAsync(Scene scene, string name)
    {
        await Eventually.HoldsAsync(
            () => File.Exists(scene.Agent.At(name)) && File.ReadAllText(scene.Agent.At(name)).EndsWith('\n'),
            () => $"{name} is there; the agent wrote:\n{scene.Agent.Process.Output}");
        return int.Parse(await File.ReadAllTextAsync(scene.Agent.At(name)), CultureInfo.InvariantCulture);
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
