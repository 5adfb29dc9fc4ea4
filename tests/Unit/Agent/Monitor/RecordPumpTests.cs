using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Agent.Monitor;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Monitor;

public sealed class RecordPumpTests : IAsyncLifetime
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    private readonly FakeTime _time = new();
    private readonly FakeMonitor _monitor = new();
    private readonly RecordGauge _gauge;
    private readonly FakeRestStore _store;
    private readonly RecordPump _pump;

    public RecordPumpTests()
    {
        _gauge = new RecordGauge(_time, NullLogger<RecordGauge>.Instance);
        _store = new FakeRestStore(_gauge);
        _pump = new RecordPump(_store, _monitor.Client(_time), FakeMonitor.Options, _gauge, _time, NullLogger<RecordPump>.Instance);
    }

    private string[] Names => [.. _monitor.Bodies.Select(static b => (string)b["name"]!)];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _pump.DisposeAsync();
        _gauge.Dispose();
        _monitor.Dispose();
    }

    [Fact]
    public async Task Records_are_sent_in_order_one_at_a_time_and_forgotten()
    {
        string[] names = [.. Enumerable.Range(1, 200).Select(i => $"r{i}")];
        Array.ForEach(names[..100], n => _store.Add(n));
        _pump.Start();
        await _pump.WhenEmptyAsync().WaitAsync(Eventually.Limit);
        Array.ForEach(names[100..], n => _store.Add(n));
        await _pump.WhenEmptyAsync().WaitAsync(Eventually.Limit);

        Assert.Equal(names, Names);
        Assert.Equal(200, _gauge.Outbox.Published);
        Assert.All(_monitor.Calls, c => Assert.Equal(("/swf-monitor/api/logs/", null), (c.Path, c.Token)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(302)]
    [InlineData(404)]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task What_may_pass_is_tried_again_after_one_two_and_four_seconds(int status)
    {
        _monitor.Answer = n => n <= 3 ? (status, "not now") : (201, "{}");
        _store.Add("a");
        _store.Add("b");
        _pump.Start();
        foreach (var (tries, seconds) in ((int, int)[])[(1, 1), (2, 2), (3, 4)])
        {
            await Eventually.HoldsAsync(() => _monitor.Count == tries && _time.UntilNext == TimeSpan.FromSeconds(seconds), $"try {tries}, and the wait for the next");
            _time.Advance(TimeSpan.FromSeconds(seconds) - Step);
            Assert.Equal(tries, _monitor.Count);
            _time.Advance(Step);
        }

        await _pump.WhenEmptyAsync().WaitAsync(Eventually.Limit);
        Assert.Equal(["a", "a", "a", "a", "b"], Names);
        Assert.Equal("", _pump.LastError);
    }

    [Fact]
    public async Task A_monitor_that_is_down_for_a_day_is_asked_once_a_minute_and_nothing_is_lost()
    {
        _monitor.Answer = _ => _time.GetUtcNow().Day == 1 ? (0, "") : (201, "{}");
        _store.Add("a");
        _store.Add("b");
        _pump.Start();
        await _time.UntilAsync(TimeSpan.FromSeconds(60), () => _gauge.Outbox.Depth == 0, "all is sent");

        Assert.Equal(["a", "b"], Names[^2..]);
        Assert.InRange(_monitor.Count, 100, 1_500);
        Assert.Equal((2L, 0L), (_gauge.Outbox.Published, _gauge.Outbox.Refused));
    }

    [Fact]
    public async Task A_monitor_that_fails_for_a_day_costs_no_record_either()
    {
        _monitor.Answer = _ => _time.GetUtcNow().Day == 1 ? (500, "database down") : (201, "{}");
        foreach (var name in (string[])["a", "b", "c"])
        {
            _store.Add(name);
        }

        _pump.Start();
        await _time.UntilAsync(TimeSpan.FromSeconds(60), () => _gauge.Outbox.Depth == 0, "all is sent");

        Assert.Equal((3L, 0L), (_gauge.Outbox.Published, _gauge.Outbox.Refused));
    }

    [Fact]
    public async Task A_record_that_is_refused_is_not_tried_again_and_the_next_is_sent()
    {
        _monitor.Answer = static n => n == 1 ? (400, """{"level": ["A valid integer is required."]}""") : (201, "{}");
        _store.Add("a");
        _store.Add("b");
        _pump.Start();
        await _pump.WhenEmptyAsync().WaitAsync(Eventually.Limit);

        Assert.Equal(["a", "b"], Names);
        Assert.Equal((1L, 1L), (_gauge.Outbox.Published, _gauge.Outbox.Refused));
    }

    [Fact]
    public async Task A_record_that_the_monitor_fails_at_does_not_hold_up_the_others_for_ever()
    {
        _monitor.Answer = n => Names[n - 1] == "bad" ? (500, "can't store it") : (201, "{}");
        foreach (var name in (string[])["bad", "b", "c"])
        {
            _store.Add(name);
        }

        _pump.Start();
        await _time.UntilAsync(Step, () => _gauge.Outbox.Depth == 0, "all is sent or given up");

        Assert.Equal(RecordPump.TriesBeforeDoubt + 1, Names.Count(static n => n == "bad"));
        Assert.Equal(["b", "bad", "c"], Names[^3..]);
        Assert.Equal((2L, 1L), (_gauge.Outbox.Published, _gauge.Outbox.Refused));
    }

    [Fact]
    public void A_page_for_people_is_no_success()
    {
        var reply = new MonitorReply(200, "<html>log in</html>") { IsHtml = true };
        Assert.True(reply.MayPass);
        Assert.Contains("must be that of the monitor's API", reply.Problem(FakeMonitor.Url), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_past_its_deadline_is_dropped_and_counted()
    {
        _store.Add("late", deadline: _time.GetUtcNow().ToUnixTimeMilliseconds());
        _store.Add("b", deadline: _time.GetUtcNow().ToUnixTimeMilliseconds() + 1);
        _pump.Start();
        await _pump.WhenEmptyAsync().WaitAsync(Eventually.Limit);

        Assert.Equal(["b"], Names);
        Assert.Equal(1, _gauge.Outbox.Expired);
    }

    [Theory]
    [InlineData(30, 5)]
    [InlineData(3, 3)]
    [InlineData(0, 0)]
    public async Task A_stop_waits_for_a_monitor_that_hangs_no_longer_than_its_patience_and_the_try_s_own_limit(int patience, int waits)
    {
        _monitor.Answer = static _ => null;
        _store.Add("a");
        _store.Add("b");
        _pump.Start();
        await Eventually.HoldsAsync(() => _monitor.Count == 1, "the call");

        var stop = _pump.StopAsync(TimeSpan.FromSeconds(patience), CancellationToken.None);
        if (waits > 0)
        {
            await StopWaitsAsync(TimeSpan.FromSeconds(waits));
            _time.Advance(TimeSpan.FromSeconds(waits));
        }

        await stop.WaitAsync(Eventually.Limit);
        Assert.Equal(["a"], Names);
        Assert.Equal(2, _store.ReadCalls(10).Count);
    }

    [Fact]
    public async Task What_a_slow_monitor_takes_during_a_stop_is_forgotten_and_no_other_is_begun()
    {
        var answered = new TaskCompletionSource();
        _monitor.Until = answered.Task;
        _store.Add("a");
        _store.Add("b");
        _pump.Start();
        await Eventually.HoldsAsync(() => _monitor.Count == 1, "the call");

        var stop = _pump.StopAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        await StopWaitsAsync(TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(4));
        answered.SetResult();
        await stop.WaitAsync(Eventually.Limit);

        Assert.Equal(["a"], Names);
        Assert.Contains("\"b\"", System.Text.Encoding.UTF8.GetString(Assert.Single(_store.ReadCalls(10)).Body), StringComparison.Ordinal);
        Assert.Equal(1, _gauge.Outbox.Published);
    }

    [Fact]
    public async Task A_stop_that_is_cut_short_gives_the_try_up()
    {
        _monitor.Answer = static _ => null;
        _store.Add("a");
        _pump.Start();
        await Eventually.HoldsAsync(() => _monitor.Count == 1, "the call");
        using var cut = new CancellationTokenSource();

        var stop = _pump.StopAsync(TimeSpan.FromSeconds(30), cut.Token);
        await StopWaitsAsync(TimeSpan.FromSeconds(5));
        await cut.CancelAsync();
        await stop.WaitAsync(Eventually.Limit);

        Assert.Single(_store.ReadCalls(10));
    }

    /// <summary>Two wait for the clock: the try for its answer, and the stop for the try. The first of them is done after this time.</summary>
    private Task StopWaitsAsync(TimeSpan time) => Eventually.HoldsAsync(
        () => _time.ArmedTimers == 2 && _time.UntilNext == time, $"the stop waits for the try, {time} at most");
}
