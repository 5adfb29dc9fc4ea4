using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Agent.Launching;
using OpsAgent.Agent.Monitor;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Monitor;

public sealed class LogStreamTests : IAsyncLifetime
{
    private readonly FakeTime _time = new();
    private readonly FakeMonitor _monitor = new();
    private readonly LogRing _ring = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly LogStreamProvider _provider;
    private Task _running = Task.CompletedTask;

    public LogStreamTests()
    {
        _provider = new LogStreamProvider(_ring, _time);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _ring.Dispose();
        _provider.Dispose();
        _monitor.Dispose();
    }

    [Fact]
    public async Task A_line_has_the_facilitys_fields()
    {
        _provider.CreateLogger("OpsAgent.Agent.Bus.StompBus").LogWarning(new EventId(1, "LogDisconnected"), "lost {Host}", "broker");
        Start();
        await SentAsync(1);

        var body = _monitor.Bodies[0];
        body["thread"] = 0;
        Assert.Equal(
            """{"app_name":"base_agent","instance_name":"prodops-agent-eic-7","timestamp":"2026-01-01T00:00:00.000000","level":30,"levelname":"WARNING","message":"lost broker","module":"StompBus","funcname":"LogDisconnected","lineno":0,"process":4711,"thread":0,"extra_data":null}""",
            body.ToJsonString());
    }

    [Fact]
    public void Only_warnings_and_doers_lines_are_for_the_monitor()
    {
        var relay = _provider.CreateLogger(typeof(DoerRunner).FullName!);
        relay.Log(LogLevel.Information, new EventId(StderrRelay.LineEvent), "  payload-log: hello", null, static (s, _) => s);
        relay.LogInformation("started");
        _provider.CreateLogger("OpsAgent.Agent.Bus.StompBus").LogInformation("connected");
        Assert.Equal(1, _ring.Count);
        _provider.CreateLogger("OpsAgent.Agent.Bus.StompBus").LogError("gone");
        Assert.Equal(2, _ring.Count);
    }

    [Fact]
    public void What_the_stream_says_of_itself_never_goes_into_it()
    {
        var own = _provider.CreateLogger(typeof(LogStream).FullName!);
        own.LogError("log lines do not reach the monitor");
        Assert.False(own.IsEnabled(LogLevel.Critical));
        Assert.Equal(0, _ring.Count);
    }

    [Fact]
    public async Task At_most_twenty_lines_a_second_are_sent()
    {
        Log(100);
        Start();
        var began = _time.GetUtcNow();
        await _time.UntilAsync(TimeSpan.FromMilliseconds(10), () => _monitor.Count == 61, "61 lines are sent");

        Assert.InRange((_time.GetUtcNow() - began).TotalSeconds, 3, 60);
    }

    [Fact]
    public async Task A_full_ring_drops_the_oldest_and_the_next_line_tells_how_many()
    {
        Log(LogRing.Capacity + 5);
        Assert.Equal((LogRing.Capacity, 5L), (_ring.Count, _ring.Dropped));
        Start();
        await SentAsync(2);

        Assert.Equal("line 5 [5 log lines before this one were dropped]", (string?)_monitor.Bodies[0]["message"]);
        Assert.Equal(5, (int)_monitor.Bodies[0]["extra_data"]!["dropped"]!);
        Assert.Equal("line 6", (string?)_monitor.Bodies[1]["message"]);
    }

    [Fact]
    public async Task An_outage_keeps_what_there_is_room_for_and_a_refused_line_is_counted()
    {
        _monitor.Answer = static n => n switch { 1 or 2 => (503, "down"), 3 => (400, "no"), _ => (201, "{}") };
        Log(2);
        Start();
        await SentAsync(4);

        Assert.Equal(
            ["line 0", "line 0", "line 0", "line 1 [1 log lines before this one were dropped]"],
            _monitor.Bodies.Select(static b => (string)b["message"]!));
    }

    private void Log(int count)
    {
        var logger = _provider.CreateLogger("OpsAgent.Agent.Work.Executor");
        for (var i = 0; i < count; i++)
        {
            logger.LogWarning("line {Number}", i);
        }
    }

    private void Start()
    {
        var stream = new LogStream(
            FakeMonitor.Options, _monitor.Client(_time), _ring, FakeMonitor.Identity, _time, NullLogger<LogStream>.Instance);
        _running = stream.RunAsync(_stop.Token);
    }

    private Task SentAsync(int count) => _time.UntilAsync(TimeSpan.FromMilliseconds(50), () => _monitor.Count >= count, $"{count} calls");
}
