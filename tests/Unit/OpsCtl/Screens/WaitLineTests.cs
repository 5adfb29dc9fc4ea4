using System.Text.RegularExpressions;
using OpsAgent.OpsCtl.Output;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Screens;

public sealed partial class WaitLineTests
{
    private readonly FakeTime _time = new();
    private readonly OpsCtlRun _run;

    public WaitLineTests() => _run = new OpsCtlRun { Time = _time }.OnTerminal(columns: 30);

    [Fact]
    public void It_says_what_is_waited_for_and_since_when_and_leaves_nothing()
    {
        var screen = new Screen(_run.Surroundings(), OutputFormat.Text);
        using (var waiting = screen.Waiting())
        {
            waiting.Say("waiting");
            _time.Advance(TimeSpan.FromSeconds(2));
            Assert.EndsWith(" 2 s waiting\u001b[K", _run.Error, StringComparison.Ordinal);
        }

        Assert.EndsWith("\r\u001b[K", _run.Error, StringComparison.Ordinal);
        Assert.Equal("", _run.Out);
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact]
    public void What_is_quick_shows_nothing()
    {
        using (var waiting = new Screen(_run.Surroundings(), OutputFormat.Text).Waiting())
        {
            waiting.Say("waiting");
            _time.Advance(TimeSpan.FromMilliseconds(250));
        }

        Assert.Equal("", _run.Error);
    }

    [Fact]
    public void Nothing_said_shows_nothing()
    {
        using var waiting = new Screen(_run.Surroundings(), OutputFormat.Text).Waiting();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("", _run.Error);
    }

    [Fact]
    public void It_is_gone_before_anything_else_is_written_and_comes_back()
    {
        var screen = new Screen(_run.Surroundings(), OutputFormat.Text);
        using var waiting = screen.Waiting();
        waiting.Say("waiting");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.EndsWith("waiting\u001b[K", _run.Error, StringComparison.Ordinal);

        screen.Line("a result");
        Assert.EndsWith("\r\u001b[K", _run.Error, StringComparison.Ordinal);
        _run.Clear();
        _time.Advance(TimeSpan.FromSeconds(1));
        screen.Note("a note");

        Assert.Matches(@"^\r. 1 s waiting\e\[K", _run.Error);
        Assert.EndsWith("\r\u001b[Ka note\n", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_detail_does_not_begin_to_count_anew_and_a_new_text_does()
    {
        using var waiting = new Screen(_run.Surroundings(), OutputFormat.Text).Waiting();
        waiting.Say("connecting");
        _time.Advance(TimeSpan.FromSeconds(3));
        waiting.Add("refused");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.EndsWith(" 4 s connecting: refused\u001b[K", _run.Error, StringComparison.Ordinal);

        waiting.Say("sending");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.EndsWith(" 1 s sending\u001b[K", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void It_never_takes_more_than_its_row()
    {
        using var waiting = new Screen(_run.Surroundings(), OutputFormat.Text).Waiting();
        waiting.Say("waiting for something with a very long name\u001b[2J");
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.All(Drawn().Split(_run.Error).Where(static l => l.Length > 0), static l => Assert.InRange(l.Length, 1, 29));
        Assert.DoesNotContain("\u001b[2J", _run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, true, "xterm")]
    [InlineData(true, false, "xterm")]
    [InlineData(true, true, "dumb")]
    [InlineData(true, true, null)]
    public void Where_nobody_looks_it_is_not_there(bool outIsTerminal, bool errorIsTerminal, string? term)
    {
        (_run.OutIsTerminal, _run.ErrorIsTerminal) = (outIsTerminal, errorIsTerminal);
        _run.Environment.Remove("TERM");
        if (term is not null)
        {
            _run.Environment["TERM"] = term;
        }

        using (var waiting = new Screen(_run.Surroundings(), OutputFormat.Text).Waiting())
        {
            waiting.Say("waiting");
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal("", _run.Error);
    }

    [Fact]
    public async Task Send_shows_that_it_waits_and_ends_on_a_clean_line()
    {
        _run.Size = new(120, 24);
        var running = _run.RunAsync("send", "x", "--request-id", "r1", "--wait");
        await Eventually.HoldsAsync(() => _run.Bus.Sent.Count == 1 && _run.Error.Contains("its settlement", StringComparison.Ordinal), "it is sent");
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(150));
                return _run.Error.Contains("waiting for the settlement", StringComparison.Ordinal);
            },
            "it waits");

        _run.Bus.Deliver("/topic/epicprod.ops.settled", """{"msg_type":"ops_request_settled","request_id":"r1","outcome":"ok"}""");

        Assert.Equal(0, await running.WaitAsync(Eventually.Limit));
        Assert.EndsWith("\r\u001b[K", _run.Error, StringComparison.Ordinal);
        Assert.Equal("x r1 ok\n", _run.Out);
    }

    [Fact]
    public async Task Ping_shows_that_it_waits_for_a_pong_and_the_lines_stay_clean()
    {
        var running = _run.RunAsync("ping", "--count", "1", "--timeout", "2s", "-o", "json");
        await Eventually.HoldsAsync(() => _run.Bus.Sent.Count == 1 && _time.ArmedTimers >= 2, "it waits");
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(1, await running.WaitAsync(Eventually.Limit));
        Assert.Contains("ping 1: waiting", _run.Error, StringComparison.Ordinal);
        Assert.EndsWith("\r\u001b[K", _run.Error, StringComparison.Ordinal);
        Assert.Equal("""{"seq":1,"lost":true}""", _run.Lines[0]);
    }

    [GeneratedRegex("\u001b\\[K|\r")]
    private static partial Regex Drawn();
}
