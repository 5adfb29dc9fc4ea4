using OpsAgent.Tests.Support;
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
        _run.OnTerminal();
        _run.Input = answer;

        Assert.Equal(1, await _run.RunAsync("shutdown"));
        Assert.Empty(_run.Bus.Sent);
    }

    [Fact]
    public async Task Confirmed_it_is_sent_with_the_senders_name_and_does_not_outlive_its_use()
    {
        _run.OnTerminal();
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

    [Theory]
    [InlineData(true, true, "dumb")]
    [InlineData(true, false, "xterm")]
    [InlineData(false, true, "xterm")]
    public async Task Where_nobody_sees_a_question_none_is_asked(bool inIsTerminal, bool errorIsTerminal, string term)
    {
        _run.OnTerminal();
        (_run.InIsTerminal, _run.ErrorIsTerminal, _run.Environment["TERM"], _run.Input) = (inIsTerminal, errorIsTerminal, term, "y\n");

        Assert.Equal(64, await _run.RunAsync("shutdown"));
        Assert.Empty(_run.Bus.Sent);
    }

    [Fact]
    public async Task Ctrl_C_at_the_question_sends_nothing_and_exits_with_130()
    {
        using var interrupt = new CancellationTokenSource();
        using var silent = new SilentReader();
        _run.OnTerminal().Reader = silent;
        var running = _run.RunAsync(interrupt.Token, "shutdown");
        await Eventually.HoldsAsync(() => _run.Error.EndsWith("[y/N] ", StringComparison.Ordinal), "it asks");
        await interrupt.CancelAsync();

        Assert.Equal(130, await running.WaitAsync(Eventually.Limit));
        Assert.Contains("nothing was sent", _run.Error, StringComparison.Ordinal);
        Assert.Empty(_run.Bus.Sent);
    }

    [Fact]
    public async Task Waiting_for_an_agent_that_was_never_here_is_refused_and_nothing_is_sent()
    {
        Assert.Equal(69, await _run.RunAsync("shutdown", "--yes", "--wait", "--state-dir", "/nowhere"));
        Assert.Contains("so there is no end to wait for; nothing was sent", _run.Error, StringComparison.Ordinal);
        Assert.Empty(_run.Bus.Sent);
    }

    [Fact]
    public async Task Ctrl_C_while_it_waits_says_that_the_shutdown_was_sent()
    {
        var door = new DoorFixture();
        await door.OpenAsync();
        try
        {
            using var interrupt = new CancellationTokenSource();
            _run.Environment["OPSAGENT_STATE_DIR"] = door.Folder.FullName;
            _run.Time = new FakeTime();
            var running = _run.RunAsync(interrupt.Token, "shutdown", "--yes", "--wait");
            await Eventually.HoldsAsync(() => ((FakeTime)_run.Time).ArmedTimers > 0, "it waits");
            await interrupt.CancelAsync();

            Assert.Equal(130, await running.WaitAsync(Eventually.Limit));
            Assert.Contains("shutdown was sent", _run.Error, StringComparison.Ordinal);
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

    /// <summary>A terminal at which nobody types until the test is over.</summary>
    private sealed class SilentReader : TextReader
    {
        private readonly TaskCompletionSource _end = new();

        public override string? ReadLine()
        {
            _end.Task.Wait();
            return null;
        }

        protected override void Dispose(bool disposing)
        {
            _end.TrySetResult();
            base.Dispose(disposing);
        }
    }
}
