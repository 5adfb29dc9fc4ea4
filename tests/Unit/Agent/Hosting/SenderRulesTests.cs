using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Control;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Dispatch.Signing;
using OpsAgent.Agent.Hosting;
using OpsAgent.Capabilities;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting;

/// <summary>Who may ask for what, also in the middle of a reload.</summary>
public sealed class SenderRulesTests : IDisposable
{
    private const string Empty = "[lane.work]\nslots = 1\n";
    private const string Locked = Empty + """
        [capability.locked]
        description = "locked"
        doer = ["locked"]
        timeout = "1s"
        lane = "work"
        senders = ["key:web"]
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_code_answers_is_open_and_what_nobody_takes_is_closed()
    {
        using var host = Host(Locked);
        var rules = host.Services.GetRequiredService<ISenderRules>();

        Assert.Equal("key:web", Assert.Single(rules.Of(new MsgType("locked")).Senders!));
        Assert.True(rules.Of(new MsgType("shutdown")).IsOpen);
        Assert.True(rules.Of(new MsgType("of_a_team")).IsOpen);
        var nobodys = rules.Of(new MsgType("nobody"));
        Assert.True(nobodys.Signed);
        Assert.False(nobodys.Lists("webtier", "web"));
    }

    [Fact]
    public async Task No_reload_shows_a_handler_of_a_locked_type_without_its_lock()
    {
        using var host = Host(Empty);
        var (handlers, rules) = (host.Services.GetRequiredService<IHandlerSource>(), host.Services.GetRequiredService<ISenderRules>());
        var (type, open, seen, ended) = (new MsgType("locked"), 0, 0, false);
        var watch = Task.Run(() =>
        {
            while (!Volatile.Read(ref ended))
            {
                if (handlers.Find(type) is not null)
                {
                    Interlocked.Increment(ref seen);
                    open += rules.Of(type).IsOpen ? 1 : 0;
                }
            }
        });

        for (var times = 0; times < 20; times++)
        {
            Reload(host, Locked);
            Reload(host, Empty);
        }

        Reload(host, Locked);
        await Eventually.HoldsAsync(() => Volatile.Read(ref seen) > 0, "the watcher has seen it");
        Volatile.Write(ref ended, true);
        await watch;
        Assert.Equal(0, open);
    }

    private Microsoft.Extensions.Hosting.IHost Host(string text)
    {
        var file = _folder.Write("agent.toml", text);
        var line = CommandLine.Parse(
            ["--config", file, "--set", $"agent.state_dir={_folder.Path}", "--set", "agent.tmp_dir=/nowhere/tmp", "--set", $"signing.keys_dir={_folder.Path}"]);
        var startup = Startup.Read(line, new Dictionary<string, string>());
        Assert.Empty(startup.Errors);
        return AgentHost.Build(startup, NullLoggerProvider.Instance, services => services.AddSingleton<IHandler, OfATeam>());
    }

    private void Reload(Microsoft.Extensions.Hosting.IHost host, string text)
    {
        File.WriteAllText(_folder.At("agent.toml"), text);
        Assert.True(host.Services.GetRequiredService<IReload>().Reload("test").Reloaded);
    }

    private sealed class OfATeam : IHandler
    {
        public MsgType MsgType => new("of_a_team");

        public Verdict Handle(OpsMessage message) => new Verdict.Answered([]);
    }
}
