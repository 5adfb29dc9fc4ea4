using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>The published agent with its broker inside, as stomp.py and opsctl see it.</summary>
public sealed partial class StandaloneTests : IAsyncLifetime
{
    private const string Queue = "/queue/epicprod.ops";
    private const string Settlements = "/topic/epicprod.ops.settled";
    private const string Pongs = "/queue/pong";

    private readonly TemporaryFolder _folder = new();
    private AgentUnderTest _agent = null!;

    public Task InitializeAsync()
    {
        _agent = new AgentUnderTest(_folder, Settings(port: 0), "--standalone", "--config", _folder.Write("prodops.toml", Manifests.Small(_folder)));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _agent.DisposeAsync();
        _folder.Dispose();
    }

    [ServerFact("python3-stomp")]
    public async Task A_ping_gets_its_pong_and_a_request_its_settlement_over_the_broker_inside()
    {
        var there = await StartAsync();
        await using var listener = await StompPyListener.StartAsync(there, Settlements, Pongs);

        await StompPySender.SendAsync(there, Queue,
            ["""{"msg_type":"health_ping","reply_to":"/queue/pong"}""", """{"msg_type":"note","n":"7","request_id":"n-7"}"""]);

        await listener.ReceivesAsync(m => m["msg_type"] == "pong", "a pong");
        Assert.Equal("ok", (await listener.ReceivesAsync(m => m["request_id"] == "n-7", "the settlement"))["outcome"]);
        Assert.Equal(0, await _agent.StopAsync());
    }

    [Fact]
    public async Task Its_port_is_told_by_status_and_a_wrong_password_does_not_get_in()
    {
        var there = await StartAsync();
        var status = await _agent.OpsCtlAsync("status", "-o", "json");
        var broker = JsonDocument.Parse(status.Output).RootElement.GetProperty("broker");
        Assert.True(broker.GetProperty("connected").GetBoolean());
        Assert.Equal($"127.0.0.1:{there.Port}", broker.GetProperty("endpoint").GetString());

        Assert.Equal(0, (await PingAsync(there.Port, "its-password")).ExitCode);
        Assert.NotEqual(0, (await PingAsync(there.Port, "another")).ExitCode);
    }

    [ServerFact("python3-stomp")]
    public async Task The_broker_ends_last_so_that_what_a_drain_settles_is_still_heard_and_pings_are_answered()
    {
        var there = await StartAsync();
        await using var listener = await StompPyListener.StartAsync(there, Settlements, Pongs);
        await StompPySender.SendAsync(there, Queue, ["""{"msg_type":"wait_for","key":"1","request_id":"w-1"}"""]);
        await Eventually.HoldsAsync(() => _agent.OpsCtlAsync("work", "show", "w-1").GetAwaiter().GetResult().Output.Contains("running", StringComparison.Ordinal), "the doer runs");

        _agent.Process.Signal(PosixSignalNumber.Terminate);
        await _agent.Process.WritesAsync("draining");
        await StompPySender.SendAsync(there, Queue, ["""{"msg_type":"health_ping","reply_to":"/queue/pong"}"""]);
        Assert.Equal("DRAINING", (await listener.ReceivesAsync(m => m["msg_type"] == "pong", "a pong"))["state"]);
        await File.WriteAllTextAsync(Path.Combine(_agent.CacheFolder, "go"), "");

        Assert.Equal("ok", (await listener.ReceivesAsync(m => m["request_id"] == "w-1", "the settlement"))["outcome"]);
        Assert.Equal(0, await _agent.Process.ExitAsync());
        Assert.DoesNotContain("disconnected", _agent.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shutdown_over_the_broker_inside_ends_it_with_100()
    {
        await StartAsync();
        var port = ToldPort();
        await using var opsctl = ChildProcess.Start(Deployment.OpsCtl, ["shutdown", "--yes"], Settings(port));
        Assert.Equal(0, await opsctl.ExitAsync());
        Assert.Equal(100, await _agent.Process.ExitAsync());
    }

    [Fact]
    public async Task Two_agents_get_a_port_each_and_a_port_that_is_in_use_ends_with_1()
    {
        var first = await StartAsync();
        using var other = new TemporaryFolder();
        await using var second = new AgentUnderTest(other, Settings(port: 0), "--standalone");
        await second.StartAsync();
        Assert.DoesNotContain($"listens on 127.0.0.1:{first.Port};", second.Process.Output, StringComparison.Ordinal);

        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        using var third = new TemporaryFolder();
        await using var late = new AgentUnderTest(third, Settings(port), "--standalone");
        late.Launch();
        Assert.Equal(1, await late.Process.ExitAsync());
        Assert.Contains($"can't listen on 127.0.0.1:{port}", late.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_printed_with_the_configuration_and_does_not_go_with_a_broker_elsewhere()
    {
        await using var print = ChildProcess.Start(Deployment.Agent, ["--standalone", "--print-config"], _agent.Environment);
        Assert.Equal(0, await print.ExitAsync());
        Assert.Matches(@"broker\.standalone = true\s+# command line", print.Output);
        Assert.Matches(@"broker\.port = 0\s+# environment ACTIVEMQ_PORT", print.Output);

        await using var elsewhere = ChildProcess.Start(
            Deployment.Agent, ["--standalone"], new Dictionary<string, string>(_agent.Environment) { ["ACTIVEMQ_HOST"] = "broker.example.org" });
        Assert.Equal(78, await elsewhere.ExitAsync());
        Assert.Contains("unset ACTIVEMQ_HOST", elsewhere.Output, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Settings(int port) => new()
    {
        ["ACTIVEMQ_PORT"] = $"{port}",
        ["ACTIVEMQ_USER"] = "newcomer",
        ["ACTIVEMQ_PASSWORD"] = "its-password",
    };

    private async Task<StompPyEndpoint> StartAsync()
    {
        await _agent.StartAsync();
        return new StompPyEndpoint(ToldPort(), "newcomer", "its-password");
    }

    private int ToldPort() => int.Parse(Listens().Match(_agent.Process.Output).Groups[1].ValueSpan);

    private static async Task<ProgramRun> PingAsync(int port, string password)
    {
        await using var opsctl = ChildProcess.Start(
            Deployment.OpsCtl, ["ping", "--count", "1", "--timeout", "5s"], new Dictionary<string, string>(Settings(port)) { ["ACTIVEMQ_PASSWORD"] = password });
        return new ProgramRun(await opsctl.ExitAsync(), opsctl.Output);
    }

    [GeneratedRegex(@"listens on 127\.0\.0\.1:(\d+);")]
    private static partial Regex Listens();
}
