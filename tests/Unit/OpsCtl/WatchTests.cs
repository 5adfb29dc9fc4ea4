using System.Text.Json;
using OpsAgent.OpsCtl.Bus;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

public sealed class WatchTests
{
    private const string Events = "/topic/epictopic";
    private const string Settled = "/topic/epicprod.ops.settled";
    private readonly OpsCtlRun _run = new() { Time = new FakeTime() };

    [Fact]
    public async Task Events_and_settlements_are_one_line_each()
    {
        await WatchAsync(
            2,
            () =>
            {
                _run.Bus.Deliver(Events, """{"msg_type":"payload_log_ready","sender":"a","namespace":"prodops","pandaid":"5","event_id":"e"}""");
                _run.Bus.Deliver(
                    Settled,
                    """{"msg_type":"ops_request_settled","request_type":"submit_task","outcome":"error","request_id":"r1","reason":"no","duration_ms":7}""");
            });

        Assert.Equal(
            [
                "00:00:00.000 payload_log_ready pandaid=5",
                "00:00:00.000 settled submit_task error duration_ms=7 request_id=r1: no",
            ],
            _run.Lines);
    }

    [Fact]
    public async Task Json_lines_carry_the_message_whole()
    {
        await WatchAsync(1, () => _run.Bus.Deliver(Events, """{"msg_type":"x","n":[1]}"""), "-o", "json");

        Assert.Equal(
            """{"received_at":"2026-01-01T00:00:00+00:00","destination":"/topic/epictopic","message":{"msg_type":"x","n":[1]}}""",
            Assert.Single(_run.Lines));
    }

    [Fact]
    public async Task What_is_no_json_is_shown_as_text()
    {
        await WatchAsync(2, () =>
        {
            _run.Bus.Deliver(Events, "plain\u001b[2J");
            _run.Bus.Deliver(Events, "[1]");
        });

        Assert.Equal(["plain\\u001b[2J", "[1]"], _run.Lines);
    }

    [Fact]
    public async Task Raw_shows_bodies_as_they_came()
    {
        await WatchAsync(1, () => _run.Bus.Deliver(Events, """{ "msg_type" : "x" }"""), "--raw");

        Assert.Equal("""{ "msg_type" : "x" }""", Assert.Single(_run.Lines));
    }

    [Fact]
    public async Task Ctrl_C_ends_it_well()
    {
        using var interrupt = new CancellationTokenSource();
        var running = _run.RunAsync(interrupt.Token, "watch");
        await Eventually.HoldsAsync(() => _run.Bus.Subscriptions == 2, "both topics are subscribed");

        await interrupt.CancelAsync();

        Assert.Equal(0, await running);
        Assert.True(_run.Bus.Disposed);
    }

    [Fact]
    public async Task It_ends_well_when_nobody_reads_any_more()
    {
        var running = _run.RunAsync("watch");
        await Eventually.HoldsAsync(() => _run.Bus.Subscriptions == 2, "both topics are subscribed");

        _run.ReaderGoes();

        Assert.Equal(0, await running.WaitAsync(Eventually.Limit));
    }

    [Fact]
    public async Task On_a_terminal_outcomes_have_their_colors()
    {
        _run.OnTerminal(colors: true);
        await WatchAsync(2, () =>
        {
            _run.Bus.Deliver(Settled, """{"msg_type":"ops_request_settled","request_type":"x","outcome":"ok","request_id":"r1"}""");
            _run.Bus.Deliver(Settled, """{"msg_type":"ops_request_settled","request_type":"x","outcome":"\u001b[2Jerror","request_id":"r2"}""");
        });

        Assert.Equal("\u001b[2m00:00:00.000 \u001b[0msettled x \u001b[32mok\u001b[0m request_id=r1", _run.Lines[0]);
        Assert.Equal("\u001b[2m00:00:00.000 \u001b[0msettled x \\u001b[2Jerror request_id=r2", _run.Lines[1]);
    }

    [Fact]
    public async Task A_connection_that_goes_and_comes_is_told_once_each_way()
    {
        await WatchAsync(1, () =>
        {
            _run.Bus.OnChange!(new BusChange(false, "the connection to b was lost: reset"));
            _run.Bus.OnChange!(new BusChange(false, "b: refused"));
            _run.Bus.OnChange!(new BusChange(true, "connected to b"));
            _run.Bus.Deliver(Settled, "{}");
        });

        Assert.Equal("the connection to b was lost: reset; what comes until it is back is not shown\nconnected to b again\n", _run.Error);
    }

    private async Task WatchAsync(int count, Action deliver, params string[] options)
    {
        var running = _run.RunAsync(["watch", "--count", $"{count}", .. options]);
        await Eventually.HoldsAsync(() => _run.Bus.Subscriptions == 2, "both topics are subscribed");
        deliver();
        Assert.Equal(0, await running.WaitAsync(Eventually.Limit));
    }
}
