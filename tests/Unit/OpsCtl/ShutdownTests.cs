using OpsAgent.Tests.Unit.Agent.Control;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

public sealed class ShutdownTests
{
    private readonly OpsCtlRun _run = new();

    [Fact]
    public async Task Without_a_terminal_it_needs_yes()
    {
        Assert.Equal(64, await _run.RunAsync("shutdown"));
        Assert.Contains("--yes", _run.Error, StringComparison.Ordinal);
        Assert.Empty(_run.Bus.Sent);
    }

    [Theory]
    [InlineData("n\n")]
    [InlineData("\n")]
    [InlineData("")]
    public async Task Anything_but_yes_sends_nothing(string answer)
    {
        _run.InIsTerminal = true;
        _run.Input = answer;

        Assert.Equal(1, await _run.RunAsync("shutdown"));
        Assert.Empty(_run.Bus.Sent);
    }

    [Fact]
    public async Task Confirmed_it_is_sent_with_the_senders_name_and_does_not_outlive_its_use()
    {
        _run.InIsTerminal = true;
        _run.Input = "y\n";

        Assert.Equal(0, await _run.RunAsync("shutdown"));

        var sent = Assert.Single(_run.Bus.Sent);
        Assert.Equal("""{"msg_type":"shutdown","sender":"alice","namespace":"prodops"}""", FakeOpsBus.Body(sent).GetRawText());
        Assert.Equal(TimeSpan.FromMinutes(2), sent.Lifetime);
    }

    [Fact]
    public async Task Waiting_ends_when_the_agents_socket_is_gone()
    {
        var door = new DoorFixture();
        await door.OpenAsync();
        try
        {
            _run.Environment["OPSAGENT_STATE_DIR"] = door.Folder.FullName;
            _run.Bus.OnSent = (_, _) => door.Door!.StopAsync(CancellationToken.None).ContinueWith(_ => door.Door.DisposeAsync(), TaskScheduler.Default);

            Assert.Equal(0, await _run.RunAsync("shutdown", "--yes", "--wait", "--timeout", "30s", "-o", "json"));

            Assert.Equal("""{"queue":"/queue/epicprod.ops","sent":true,"gone":true}""", Assert.Single(_run.Lines));
        }
        finally
        {
            await door.CloseAsync();
        }
    }

    [Fact]
    public async Task An_agent_that_stays_is_told_with_1()
    {
        var door = new DoorFixture();
        await door.OpenAsync();
        try
        {
            _run.Environment["OPSAGENT_STATE_DIR"] = door.Folder.FullName;

            Assert.Equal(1, await _run.RunAsync("shutdown", "--yes", "--wait", "--timeout", "10ms"));
            Assert.Contains("still runs after 10 ms", _run.Error, StringComparison.Ordinal);
        }
        finally
        {
            await door.CloseAsync();
        }
    }
}
