using System.Text.Json;
using OpsAgent.OpsCtl;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

public sealed class PingTests
{
    private const string Pong = """{"msg_type":"pong","agent":"prodops-agent-x-7","pid":4711,"state":"READY","queued":3,"running":2}""";
    private readonly OpsCtlRun _run = new();

    [Fact]
    public async Task Every_pong_is_a_line_and_the_summary_ends_it()
    {
        _run.Bus.OnSent = Answer;

        Assert.Equal(0, await _run.RunAsync("ping", "--count", "2", "--interval", "1ms"));

        Assert.Equal(4, _run.Lines.Length);
        Assert.Matches(@"^pong 1: \d+\.\d{3} ms from prodops-agent-x-7 \(pid 4711\), READY, 3 queued, 2 running$", _run.Lines[0]);
        Assert.Equal("/queue/epicprod.ops: 2 sent, 2 answered, 0 lost", _run.Lines[2]);
        Assert.Matches(@"^ms: min [\d.]+  p50 [\d.]+  p95 [\d.]+  p99 [\d.]+  max [\d.]+$", _run.Lines[3]);
    }

    [Fact]
    public async Task The_reply_queue_is_its_own_and_subscribed_before_the_first_ping()
    {
        _run.Bus.OnSent = Answer;

        await _run.RunAsync("ping", "--count", "1");

        var body = FakeOpsBus.Body(_run.Bus.Sent[0]);
        var replyTo = body.GetProperty("reply_to").GetString()!;
        Assert.Matches($@"^/queue/epicprod\.ops\.pong\.ops01\.{Environment.ProcessId}\.[0-9a-f]{{8}}$", replyTo);
        Assert.Equal([$"subscribe {replyTo}", "send /queue/epicprod.ops"], _run.Bus.Journal);
        Assert.Equal("health_ping", body.GetProperty("msg_type").GetString());
        Assert.NotNull(_run.Bus.Sent[0].Lifetime);
        Assert.Equal(0, _run.Bus.Subscriptions);
        Assert.True(_run.Bus.Disposed);
    }

    [Fact]
    public async Task With_interval_0_thousands_are_measured_and_only_the_summary_is_shown()
    {
        _run.Bus.OnSent = Answer;

        Assert.Equal(0, await _run.RunAsync("ping", "--count", "2000", "--interval", "0", "-o", "json"));

        var summary = _run.Json.GetProperty("summary");
        Assert.Equal((2000, 2000, 0), (Int(summary, "sent"), Int(summary, "answered"), Int(summary, "lost")));
        var figures = new[] { "min_ms", "p50_ms", "p95_ms", "p99_ms", "max_ms" }.Select(n => summary.GetProperty(n).GetDouble()).ToList();
        Assert.Equal(figures.Order(), figures);
    }

    [Fact]
    public async Task A_round_trip_is_measured_from_the_send_to_the_arrival()
    {
        var time = new FakeTime();
        _run.Time = time;
        _run.Bus.OnSent = (bus, ping) =>
        {
            time.Advance(TimeSpan.FromMilliseconds(7));
            Answer(bus, ping);
        };

        Assert.Equal(0, await _run.RunAsync("ping", "--count", "1", "-o", "json"));

        Assert.Equal(7, JsonDocument.Parse(_run.Lines[0]).RootElement.GetProperty("ms").GetDouble());
        Assert.Equal(Pong, JsonDocument.Parse(_run.Lines[0]).RootElement.GetProperty("pong").GetRawText());
    }

    [Fact]
    public async Task A_ping_without_pong_is_lost_and_exits_with_1()
    {
        Assert.Equal(1, await _run.RunAsync("ping", "--count", "2", "--interval", "0", "--timeout", "20ms"));

        Assert.Equal(
            ["ping 1: no pong within 20 ms", "ping 2: no pong within 20 ms", "/queue/epicprod.ops: 2 sent, 0 answered, 2 lost"], _run.Lines);
    }

    [Fact]
    public async Task A_late_pong_is_never_taken_for_the_next_pings()
    {
        var replies = new List<string>();
        var time = new FakeTime();
        _run.Time = time;
        _run.Bus.OnSent = (bus, ping) =>
        {
            replies.Add(ping.GetProperty("reply_to").GetString()!);
            if (replies.Count == 2)
            {
                bus.Deliver(replies[0], Pong);
            }
        };

        var running = _run.RunAsync("ping", "--count", "2", "--interval", "0", "--timeout", "10s");
        for (var ping = 1; ping <= 2; ping++)
        {
            await Eventually.HoldsAsync(() => replies.Count == ping && time.ArmedTimers > 0, $"ping {ping} waits");
            time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(1, await running);
        Assert.Equal(2, replies.Distinct().Count());
        Assert.Contains("2 sent, 0 answered, 2 lost", _run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_shows_the_summary_of_what_was_answered()
    {
        using var interrupt = new CancellationTokenSource();
        var sent = 0;
        _run.Bus.OnSent = (bus, ping) =>
        {
            if (++sent == 3)
            {
                interrupt.Cancel();
            }
            else
            {
                Answer(bus, ping);
            }
        };

        Assert.Equal(0, await _run.RunAsync(interrupt.Token, "ping", "--count", "0", "--interval", "0"));

        Assert.StartsWith("/queue/epicprod.ops: 2 sent, 2 answered, 0 lost", _run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ctrl_C_before_there_is_a_result_exits_with_130(bool connected)
    {
        using var interrupt = new CancellationTokenSource();
        _run.Bus.Connected = connected ? Task.CompletedTask : new TaskCompletionSource().Task;
        var running = _run.RunAsync(interrupt.Token, "ping");
        await Eventually.HoldsAsync(() => connected ? _run.Bus.Sent.Count == 1 : _run.Settings is not null, "it waits");
        await interrupt.CancelAsync();

        Assert.Equal(130, await running);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Without_end_it_ends_with_its_reader_and_else_it_does_what_was_asked(int count)
    {
        _run.Bus.OnSent = (bus, ping) =>
        {
            _run.ReaderGoes();
            Answer(bus, ping);
        };

        Assert.Equal(0, await _run.RunAsync("ping", "--count", $"{count}", "--interval", "0").WaitAsync(Eventually.Limit));

        Assert.Equal(count == 0 ? 1 : count, _run.Bus.Sent.Count);
    }

    [Fact]
    public async Task A_broker_that_cannot_be_reached_exits_with_69()
    {
        _run.Bus.ConnectFails = new OpsCtlException(69, "no broker", "start one");

        Assert.Equal(69, await _run.RunAsync("ping"));
        Assert.Equal("opsctl: no broker\n  start one\n", _run.Error);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[1]")]
    [InlineData("")]
    public async Task Anything_that_comes_counts_as_pong_as_it_does_for_the_watchdog(string body)
    {
        _run.Bus.OnSent = (bus, ping) => bus.Deliver(ping.GetProperty("reply_to").GetString()!, body);

        Assert.Equal(0, await _run.RunAsync("ping", "--count", "1"));
        Assert.Contains("no JSON object", _run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Todays_pong_without_figures_is_shown_too()
    {
        _run.Bus.OnSent = (bus, ping) =>
            bus.Deliver(ping.GetProperty("reply_to").GetString()!, """{"msg_type":"pong","agent":"a","pid":1}""");

        Assert.Equal(0, await _run.RunAsync("ping", "--count", "1"));
        Assert.EndsWith("ms from a (pid 1)", _run.Lines[0], StringComparison.Ordinal);
    }

    private static void Answer(FakeOpsBus bus, JsonElement ping) => bus.Deliver(ping.GetProperty("reply_to").GetString()!, Pong);

    private static int Int(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
