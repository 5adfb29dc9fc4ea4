using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Hosting;
using OpsAgent.Agent.Redaction;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Unit.Stomp;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Redaction;

/// <summary>A broker that says in its refusal what passcode it was given.</summary>
public sealed class BrokerEchoTests
{
    private const string Passcode = "hunter22";

    [Fact]
    public async Task Nor_in_what_the_agent_says_of_its_connection()
    {
        await using var server = new ScriptedStompServer();
        var options = new BusOptions
        {
            Queue = "/queue/a",
            Connection = new StompClientOptions { Endpoints = [new StompEndpoint("127.0.0.1", server.Port)], Login = "ops", Passcode = Passcode },
        };
        await using var bus = new StompBus(
            options, TimeProvider.System, NullLoggerFactory.Instance, redactor: new Redactor(new KnownSecrets([Passcode])));
        bus.Start(static _ => { }, static () => { });
        var connection = await server.AcceptAsync();
        await connection.ExpectAsync("CONNECT");
        await connection.SendFrameAsync("ERROR", [("message", $"wrong passcode '{Passcode}' for ops")], "");
        connection.Close();

        await Eventually.HoldsAsync(() => bus.State.LastError?.Contains("for ops", StringComparison.Ordinal) == true, "the refusal is told");
        Assert.DoesNotContain(Passcode, bus.State.LastError!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_passcode_in_a_brokers_refusal_is_not_shown()
    {
        var redactor = new Redactor(new KnownSecrets([Passcode]));
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server, change: o => o with { Login = "ops", Passcode = Passcode });
        var connection = await server.AcceptAsync();
        var connect = await connection.ExpectAsync("CONNECT");
        await connection.SendFrameAsync("ERROR", [("message", $"wrong passcode '{connect["passcode"]}' for ops")], "");
        connection.Close();

        var said = await Eventually.IsAsync(() => under.Log.All.FirstOrDefault(static l => l.Contains("wrong passcode", StringComparison.Ordinal)), "the refusal");
        Assert.Contains(Passcode, said, StringComparison.Ordinal);
        var shown = LoggedText.Of(said, new IOException(said), redactor);
        using var errors = new LastErrorLog(TimeProvider.System, redactor);
        errors.CreateLogger("x").Log(LogLevel.Error, default, said, null, static (text, _) => text);

        Assert.All([shown, errors.Last!.Text], static text =>
        {
            Assert.DoesNotContain(Passcode, text, StringComparison.Ordinal);
            Assert.Contains("for ops", text, StringComparison.Ordinal);
        });
    }
}
