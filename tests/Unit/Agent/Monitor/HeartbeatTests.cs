using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Agent.Monitor;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Monitor;

public sealed class HeartbeatTests : IAsyncLifetime
{
    private readonly FakeTime _time = new();
    private readonly FakeMonitor _monitor = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Heartbeat _heartbeat;
    private HeartbeatFacts _facts = new("READY", true);
    private Task _running = Task.CompletedTask;

    public HeartbeatTests()
    {
        _heartbeat = new Heartbeat(
            FakeMonitor.Options, _monitor.Client(_time), FakeMonitor.Identity, () => _facts, _time, NullLogger<Heartbeat>.Instance);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _monitor.Dispose();
    }

    [Fact]
    public async Task It_has_the_facilitys_fields_and_no_others()
    {
        await StartAsync();

        var (path, body, token) = _monitor.Calls.Single();
        Assert.Equal(("/swf-monitor/api/systemagents/heartbeat/", "Token t"), (path, token));
        Assert.Equal(
            ["agent_type", "description", "hostname", "instance_name", "mq_connected", "namespace", "operational_state", "pid", "status"],
            body!.AsObject().Select(f => f.Key).Order());
        Assert.Equal(
            ("prodops-agent-eic-7", "PRODOPS", "OK", "PRODOPS agent. MQ: connected", true, 4711, "READY", "prodops"),
            ((string?)body["instance_name"], (string?)body["agent_type"], (string?)body["status"], (string?)body["description"],
                (bool)body["mq_connected"]!, (int)body["pid"]!, (string?)body["operational_state"], (string?)body["namespace"]));
        Assert.Equal(System.Net.Dns.GetHostName(), (string?)body["hostname"]);
    }

    [Fact]
    public async Task A_lost_broker_is_a_warning()
    {
        _facts = new HeartbeatFacts("PROCESSING", false);
        await StartAsync();

        var body = _monitor.Bodies[0];
        Assert.Equal(
            ("WARNING", "PRODOPS agent. MQ: disconnected", false),
            ((string?)body["status"], (string?)body["description"], (bool)body["mq_connected"]!));
    }

    [Fact]
    public async Task What_changes_fast_is_told_once_and_the_last_state_wins()
    {
        await StartAsync();
        _facts = _facts with { State = "PROCESSING" };
        _time.Advance(TimeSpan.FromSeconds(2));
        _facts = new HeartbeatFacts("PROCESSING", false);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, _monitor.Count);

        await _time.UntilAsync(TimeSpan.FromMilliseconds(250), () => _monitor.Count == 2, "the second heartbeat");

        Assert.Equal(("PROCESSING", "WARNING"), ((string?)_monitor.Bodies[1]["operational_state"], (string?)_monitor.Bodies[1]["status"]));
    }

    [Fact]
    public async Task A_monitor_that_hangs_has_one_request_at_a_time_and_the_end_is_told_all_the_same()
    {
        _monitor.Answer = static _ => null;
        await StartAsync();
        for (var i = 0; i < 36; i++)
        {
            _facts = _facts with { State = i % 2 == 0 ? "PROCESSING" : "READY" };
            _time.Advance(TimeSpan.FromMilliseconds(250));
        }

        Assert.Equal(1, _monitor.Count);
        await _time.UntilAsync(TimeSpan.FromMilliseconds(250), () => _heartbeat.LastError.Length > 0, "the limit of the call is reached");
        Assert.Contains("no answer within 10 s", _heartbeat.LastError, StringComparison.Ordinal);

        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        var exit = _heartbeat.ExitAsync(TimeSpan.FromSeconds(3));
        await _time.UntilAsync(TimeSpan.FromSeconds(1), () => exit.IsCompleted, "the end of the end");
        await exit;
        Assert.Equal("EXITED", (string?)_monitor.Bodies[^1]["operational_state"]);
    }

    [Fact]
    public async Task The_end_is_told_within_five_seconds_of_the_last_heartbeat_too()
    {
        await StartAsync();
        await _stop.CancelAsync();

        await _heartbeat.ExitAsync(TimeSpan.FromSeconds(3));

        var body = _monitor.Bodies[1];
        Assert.Equal(
            ("EXITED", "EXITED", "PRODOPS agent. Agent shutdown"),
            ((string?)body["status"], (string?)body["operational_state"], (string?)body["description"]));
    }

    [Fact]
    public async Task A_heartbeat_that_was_not_taken_is_tried_again_with_what_is_true_then()
    {
        _monitor.Answer = static n => n == 1 ? (500, "no") : (200, "{}");
        await StartAsync();
        await Eventually.HoldsAsync(() => _heartbeat.LastError.Length > 0, "the failure is known");
        _facts = _facts with { State = "PROCESSING" };
        await _time.UntilAsync(TimeSpan.FromMilliseconds(250), () => _heartbeat.TakenAt is not null, "a heartbeat is taken");

        Assert.Equal("PROCESSING", (string?)_monitor.Bodies[1]["operational_state"]);
        Assert.Equal("", _heartbeat.LastError);
        Assert.True(_time.GetUtcNow() - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) <= TimeSpan.FromSeconds(11));
    }

    private async Task StartAsync()
    {
        _running = _heartbeat.RunAsync(_stop.Token);
        await Eventually.HoldsAsync(() => _monitor.Count == 1, "the first heartbeat");
    }
}
