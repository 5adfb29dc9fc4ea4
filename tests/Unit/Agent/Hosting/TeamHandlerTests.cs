using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Hosting;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting;

/// <summary>A team registers an <see cref="IHandler"/> of its own beside those of the manifest, as docs/development.md shows.</summary>
public sealed class TeamHandlerTests
{
    private static readonly string Shipped = Path.Combine(Repository.Root, "agents", "prodops.toml");

    [Fact]
    public void A_team_s_own_handler_serves_its_type_beside_the_manifest_s()
    {
        using var host = AgentHost.Build(Startup(), NullLoggerProvider.Instance, services => services.AddSingleton<IHandler, Greeter>());
        var handlers = host.Services.GetRequiredService<IHandlerSource>();

        Assert.Equal(
            ["fetch_payload_log", "greet", "health_ping", "rucio_snapshot_update", "shutdown", "submit_task"],
            host.Services.GetRequiredService<HandlerRegistry>().Types);
        var verdict = handlers.Find(new MsgType("greet"))!.Handle(new OpsMessage
        {
            MsgType = new MsgType("greet"),
            RequestId = RequestId.New(),
            ReceivedAt = DateTimeOffset.UnixEpoch,
            Body = JsonDocument.Parse("""{"msg_type":"greet","reply_to":"/queue/me"}""").RootElement,
        });
        Assert.Equal("/queue/me", Assert.Single(Assert.IsType<Verdict.Answered>(verdict).Replies).Destination);
    }

    [Fact]
    public void A_handler_of_a_type_that_is_taken_already_stops_the_start_and_names_both()
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => AgentHost.Build(Startup(), NullLoggerProvider.Instance, services => services.AddSingleton<IHandler, Usurper>()).Dispose());
        Assert.Contains("fetch_payload_log", error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Usurper), error.Message, StringComparison.Ordinal);
    }

    private static Startup Startup()
    {
        var line = CommandLine.Parse(["--config", Shipped, "--set", "agent.state_dir=/nowhere/state", "--set", "agent.tmp_dir=/nowhere/tmp"]);
        var startup = OpsAgent.Agent.Hosting.Startup.Read(line, new Dictionary<string, string>());
        Assert.Empty(startup.Errors);
        return startup;
    }

    private sealed class Greeter : IHandler
    {
        public MsgType MsgType => new("greet");

        public Verdict Handle(OpsMessage message) =>
            new Verdict.Answered([new Reply(message.Text("reply_to")!, "{}"u8.ToArray(), TimeSpan.FromSeconds(10))]);
    }

    private sealed class Usurper : IHandler
    {
        public MsgType MsgType => new("fetch_payload_log");

        public Verdict Handle(OpsMessage message) => new Verdict.Refused("mine now");
    }
}
