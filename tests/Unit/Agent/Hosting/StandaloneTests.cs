using System.Net;
using System.Net.Sockets;
using OpsAgent.Agent.Hosting;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting;

/// <summary>What <c>--standalone</c> asks for, and what does not go with it. tests/EndToEnd runs it.</summary>
public sealed class StandaloneTests
{
    [Fact]
    public void The_broker_inside_lets_in_the_agents_own_user_on_its_own_port()
    {
        var broker = Options("--standalone", "--set=broker.port=61700", "--set=broker.user=ops").OwnBroker;
        Assert.NotNull(broker);
        Assert.Equal(61700, broker.Port);
        Assert.Equal([new("ops", "admin")], broker.Users);
    }

    [Fact]
    public void There_is_none_unless_it_is_asked_for() => Assert.Null(Options().OwnBroker);

    [Fact]
    public void Port_0_is_a_free_one_and_the_agent_connects_to_what_it_turns_out_to_be()
    {
        var options = Options("--standalone", "--set=broker.port=0");
        Assert.Equal(0, options.OwnBroker!.Port);
        Assert.Equal(new("127.0.0.1", 4711), Assert.Single(options.ConnectedTo(new("127.0.0.1", 4711)).Bus.Connection.Endpoints));
    }

    [Fact]
    public void Port_0_without_it_is_a_mistake() =>
        Assert.Contains("--standalone", Assert.Single(Errors("--set=broker.port=0")), StringComparison.Ordinal);

    [Theory]
    [InlineData("broker.example.org", "unset ACTIVEMQ_HOST")]
    [InlineData("localhost,127.0.0.1", "unset ACTIVEMQ_HOST")]
    [InlineData("[::1]", "unset ACTIVEMQ_HOST")]
    public void A_host_that_is_not_where_the_broker_inside_listens_is_refused_with_advice(string host, string advice) =>
        Assert.Contains(advice, Assert.Single(Errors("--standalone", $"--set=broker.host={host}")), StringComparison.Ordinal);

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public void A_host_that_is_is_not(string host) => Assert.Empty(Errors("--standalone", $"--set=broker.host={host}"));

    [Fact]
    public void Tls_is_refused_with_advice() =>
        Assert.Contains("unset ACTIVEMQ_USE_SSL", Assert.Single(Errors("--standalone", "--set=broker.use_ssl=true")), StringComparison.Ordinal);

    [Fact]
    public void What_only_the_client_can_tell_is_refused_here_too() =>
        Assert.Contains("heart-beats", Assert.Single(Errors("--standalone", "--set=broker.heart_beat=2d")), StringComparison.Ordinal);

    [Fact]
    public async Task A_port_that_is_in_use_is_a_failure_that_names_it()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        using var file = new ConfigurationFile("");
        var startup = Read(file, "--standalone", $"--set=broker.port={port}", "--set=agent.state_dir=/nowhere/state");
        await using var errors = new StringWriter();

        Assert.Equal(ExitCodes.Failed, await AgentHost.RunAsync(startup, errors, register: null));

        Assert.Contains($"can't listen on 127.0.0.1:{port}", errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("ACTIVEMQ_PORT", errors.ToString(), StringComparison.Ordinal);
    }

    private static AgentOptions Options(params string[] arguments)
    {
        using var file = new ConfigurationFile("");
        var startup = Read(file, arguments);
        Assert.Empty(startup.Errors);
        return startup.Options!;
    }

    private static IReadOnlyList<string> Errors(params string[] arguments)
    {
        using var file = new ConfigurationFile("");
        return Read(file, arguments).Errors;
    }

    private static Startup Read(ConfigurationFile file, params string[] arguments) =>
        Startup.Read(CommandLine.Parse([.. arguments, "--config", file.Path]), new Dictionary<string, string>());
}
