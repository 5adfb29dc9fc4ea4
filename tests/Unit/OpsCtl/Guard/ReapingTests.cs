using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Guard;

/// <summary>Against real processes: copies of sleep under an agent's name.</summary>
public sealed class ReapingTests : IAsyncLifetime
{
    private readonly FakeSystemd _systemd = new();
    private readonly HttpListener _monitor = new();
    private readonly List<object> _rows = [];
    private readonly List<string> _authorizations = [];
    private readonly OpsCtlRun _run;
    private ChildProcess _own = null!;
    private ChildProcess _second = null!;

    public ReapingTests()
    {
        _run = _systemd.Run();
        var url = $"http://127.0.0.1:{FreePort.Several(1)[0]}/swf-monitor";
        _monitor.Prefixes.Add($"{url}/");
        _run.Environment["SWF_MONITOR_URL"] = $"{url}/";
        _run.Environment["SWF_API_TOKEN"] = "t0ken";
    }

    public Task InitializeAsync()
    {
        _monitor.Start();
        _ = AnswerAsync();
        _own = Start("opsagent");
        _second = Start("opsagent");
        _systemd.Is("active", "running", _own.Pid);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _own.DisposeAsync();
        await _second.DisposeAsync();
        _monitor.Close();
        _systemd.Dispose();
    }

    [Fact]
    public async Task A_second_agent_of_the_same_user_on_this_host_is_ended_and_the_unit_s_own_is_not()
    {
        Row(_own.Pid);
        Row(_second.Pid);
        var told = await GuardAsync();
        Assert.Contains($"guard: reap: end: agent-{_second.Pid}, pid {_second.Pid}: a second agent on this host", told, StringComparison.Ordinal);
        Assert.EndsWith("it is gone\n", told, StringComparison.Ordinal);
        await _second.ExitAsync();
        Assert.False(_own.HasExited);
        Assert.Equal(["Token t0ken"], _authorizations);
    }

    [Theory]
    [InlineData("type", "")]
    [InlineData("namespace", "")]
    [InlineData("exited", "")]
    [InlineData("silent", "")]
    [InlineData("future", "")]
    [InlineData("host", "another agent of this namespace runs on another host")]
    [InlineData("reused", "that process was started after the heartbeat: it is another one")]
    [InlineData("program", "that process is no agent")]
    [InlineData("init", "there is no such process")]
    [InlineData("gone", "there is no such process")]
    [InlineData("self", "there is no such process")]
    public async Task A_process_is_left_when_the_row_or_the_kernel_says_otherwise(string what, string reason)
    {
        await using var other = Start("sleep");
        switch (what)
        {
            case "type": Row(_second.Pid, type: "OTHER"); break;
            case "namespace": Row(_second.Pid, ownNamespace: "testbed"); break;
            case "exited": Row(_second.Pid, status: "EXITED"); break;
            case "silent": Row(_second.Pid, age: 121); break;
            case "future": Row(_second.Pid, age: -60); break;
            case "host": Row(_second.Pid, host: "elsewhere"); break;
            case "reused": Row(_second.Pid, age: 100); break;
            case "program": Row(other.Pid); break;
            case "init": Row(1); break;
            case "gone": Row(int.MaxValue); break;
            default: Row(Environment.ProcessId); break;
        }

        var told = await GuardAsync();
        Assert.Contains(reason, told, StringComparison.Ordinal);
        Assert.DoesNotContain("reap: end", told, StringComparison.Ordinal);
        Assert.False(_second.HasExited || other.HasExited);
    }

    [ServerFact("util-linux")]
    public async Task Another_user_s_agent_is_left()
    {
        File.SetUnixFileMode(_systemd.Folder.Path, (UnixFileMode)0b111_101_101);
        await using var foreign = ChildProcess.Start(
            "/usr/bin/setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", Program("opsagent"), "600"], new Dictionary<string, string>());
        await Eventually.HoldsAsync(() => new FileInfo($"/proc/{foreign.Pid}/exe").LinkTarget?.EndsWith("opsagent", StringComparison.Ordinal) == true, "it has become the agent");
        Row(foreign.Pid);
        Assert.Contains("that process belongs to another user than the unit's agent", await GuardAsync(), StringComparison.Ordinal);
        Assert.False(foreign.HasExited);
    }

    [Fact]
    public async Task A_dry_run_ends_nothing_and_without_a_main_process_nothing_is_looked_for()
    {
        Row(_second.Pid);
        Assert.Contains("reap: (dry run) end: ", await GuardAsync("--dry-run"), StringComparison.Ordinal);

        _systemd.Is("inactive", "dead", 0);
        Assert.Contains("reap: skip: epicprod-ops-agent.service has no main process", await GuardAsync(), StringComparison.Ordinal);
        Assert.False(_second.HasExited);
    }

    [Fact]
    public async Task A_registry_that_can_t_be_read_is_told()
    {
        _monitor.Close();
        Assert.Contains("reap: skip: the registry at http://127.0.0.1:", await GuardAsync(), StringComparison.Ordinal);
        _run.Environment.Remove("SWF_MONITOR_URL");
        Assert.Contains("reap: skip: SWF_MONITOR_URL is not set", await GuardAsync(), StringComparison.Ordinal);
    }

    private void Row(
        int pid, string type = "PRODOPS", string status = "OK", string host = "ops01", string ownNamespace = "prodops", int age = 0) => _rows.Add(new
    {
        id = 1,
        instance_name = $"agent-{pid}",
        agent_type = type,
        status,
        pid,
        hostname = host,
        operational_state = "READY",
        @namespace = ownNamespace,
        last_heartbeat = TimeProvider.System.GetUtcNow().AddSeconds(-age).ToString("O", CultureInfo.InvariantCulture),
    });

    private string Program(string name)
    {
        var path = _systemd.Folder.At(name);
        if (!File.Exists(path))
        {
            File.Copy("/bin/sleep", path);
        }

        return path;
    }

    private ChildProcess Start(string name) => ChildProcess.Start(Program(name), ["600"], new Dictionary<string, string>());

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var call = await _monitor.GetContextAsync();
                _authorizations.Add(call.Request.Headers["Authorization"] ?? "");
                call.Response.StatusCode = call.Request.RawUrl == "/swf-monitor/api/systemagents/" ? 200 : 404;
                call.Response.Close(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { results = _rows })), willBlock: false);
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task<string> GuardAsync(params string[] arguments)
    {
        _run.Clear();
        Assert.Equal(0, await _run.RunAsync(["guard", "--no-liveness", .. arguments]));
        return _run.Out;
    }
}
