using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Control;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Hosting;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting;

public sealed class ManifestReloadTests : IDisposable
{
    private const string Before = """
        [agent]
        drain_timeout = "30s"
        [lane.work]
        slots = 2
        [capability.stays]
        description = "stays"
        doer = ["stays"]
        timeout = "1s"
        lane = "work"
        [capability.goes]
        description = "goes"
        doer = ["goes"]
        timeout = "1s"
        lane = "work"
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly string _file;
    private readonly IHost _host;

    public ManifestReloadTests()
    {
        _file = _folder.Write("agent.toml", Before);
        var line = CommandLine.Parse(["--config", _file, "--set", $"agent.state_dir={_folder.Path}", "--set", "agent.tmp_dir=/nowhere/tmp"]);
        var startup = Startup.Read(line, new Dictionary<string, string>());
        Assert.Empty(startup.Errors);
        _host = AgentHost.Build(startup, NullLoggerProvider.Instance, null);
    }

    private IHandlerSource Handlers => _host.Services.GetRequiredService<IHandlerSource>();

    public void Dispose()
    {
        _host.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_valid_file_is_in_force_for_the_next_request_and_what_changed_is_told()
    {
        Assert.NotNull(Handlers.Find(new MsgType("goes")));

        var answer = Reload(Before
            .Replace("slots = 2", "slots = 5", StringComparison.Ordinal)
            .Replace("goes", "comes", StringComparison.Ordinal)
            .Replace("doer = [\"stays\"]", "doer = [\"stays\", \"--long\"]", StringComparison.Ordinal));

        Assert.True(answer.Reloaded);
        Assert.Equal((_file, "comes", "goes", "stays"), (answer.File, answer.Added.Single(), answer.Removed.Single(), answer.Changed.Single()));
        Assert.Equal(new LaneChange("work", 2, 5), Assert.Single(answer.Lanes));
        Assert.Empty(answer.NeedRestart);
        Assert.Null(Handlers.Find(new MsgType("goes")));
        Assert.NotNull(Handlers.FindFormer(new MsgType("goes")));
        Assert.Equal(["comes", "stays"], Handlers.WorkTypes);
        Assert.Equal(["stays", "--long"], PlanOf("stays"));
        Assert.Equal(5, _host.Services.GetRequiredService<LaneBoard>().Lanes.Single().Slots);
        Assert.Contains(
            _host.Services.GetRequiredService<IAgentStatus>().Configuration, static e => e is { Key: "lane.work.slots", Value: "5" });

        Assert.True(Reload(Before).Reloaded);
        Assert.Null(Handlers.FindFormer(new MsgType("goes")));
        Assert.NotNull(Handlers.Find(new MsgType("goes")));
    }

    [Theory]
    [InlineData("lane = \"work\"", "lane = \"wrok\"")]
    [InlineData("slots = 2", "slots = ")]
    [InlineData("timeout = \"1s\"", "timeuot = \"1s\"")]
    [InlineData("drain_timeout = \"30s\"", "drain_timeout = \"soon\"")]
    [InlineData("capability.goes", "capability.shutdown")]
    public void With_a_mistake_what_was_in_force_stays_and_the_mistake_is_told_with_its_line(string from, string to)
    {
        var stays = Handlers.Find(new MsgType("stays"));

        var answer = Reload(Before.Replace(from, to, StringComparison.Ordinal));

        Assert.False(answer.Reloaded);
        Assert.All(answer.Errors, e => Assert.Matches($"^{_file}:[1-9][0-9]*", e));
        Assert.NotEmpty(answer.Errors);
        Assert.Same(stays, Handlers.Find(new MsgType("stays")));
        Assert.NotNull(Handlers.Find(new MsgType("goes")));
    }

    [Fact]
    public void A_file_that_is_gone_changes_nothing()
    {
        File.Delete(_file);

        var answer = _host.Services.GetRequiredService<IReload>().Reload("test");

        Assert.False(answer.Reloaded);
        Assert.Contains(answer.Errors, e => e.StartsWith(_file, StringComparison.Ordinal));
        Assert.NotNull(Handlers.Find(new MsgType("goes")));
    }

    [Fact]
    public void Settings_of_the_agent_need_a_restart_and_are_named()
    {
        var answer = Reload(Before.Replace("\"30s\"", "\"40s\"", StringComparison.Ordinal));

        Assert.True(answer.Reloaded);
        Assert.Equal("agent.drain_timeout", Assert.Single(answer.NeedRestart));
        Assert.Empty(answer.Changed);
    }

    private ReloadAnswer Reload(string text)
    {
        File.WriteAllText(_file, text);
        return _host.Services.GetRequiredService<IReload>().Reload("test");
    }

    private string[] PlanOf(string type)
    {
        var verdict = Handlers.Find(new MsgType(type))!.Handle(new OpsMessage
        {
            MsgType = new MsgType(type),
            RequestId = RequestId.New(),
            ReceivedAt = DateTimeOffset.UnixEpoch,
            Body = System.Text.Json.JsonElement.Parse("{}"),
        });
        var plan = Assert.IsType<DoerPlan>(Assert.IsType<Verdict.Work>(verdict).Request.Plan);
        return [plan.Program, .. plan.Arguments];
    }
}
