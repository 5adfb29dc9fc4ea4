using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Monitor;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Monitor;

public sealed class SubscriptionTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly FakeMonitor _monitor = new();

    public void Dispose() => _monitor.Dispose();

    [Fact]
    public async Task It_is_registered_once_with_the_facilitys_fields()
    {
        await RegisterAsync();

        var (path, body, token) = _monitor.Calls.Single();
        Assert.Equal(("/swf-monitor/api/subscribers/", "Token t"), (path, token));
        Assert.Equal(["description", "fraction", "is_active", "subscriber_name"], body!.AsObject().Select(static f => f.Key).Order());
        Assert.Equal(
            ("prodops-agent-eic-7-/queue/epicprod.ops", true, 1.0),
            ((string?)body["subscriber_name"], (bool)body["is_active"]!, (double)body["fraction"]!));
    }

    [Fact]
    public async Task What_is_registered_already_is_a_success()
    {
        _monitor.Answer = static _ => (400, """{"subscriber_name":["Subscriber with this subscriber name already exists."]}""");
        await RegisterAsync();
        Assert.Equal(1, _monitor.Count);
        Assert.True(Subscription.IsThereAlready(new MonitorReply(400, "subscriber already exists")));
        Assert.False(Subscription.IsThereAlready(new MonitorReply(400, "already exists")));
        Assert.False(Subscription.IsThereAlready(new MonitorReply(409, "subscriber already exists")));
    }

    [Fact]
    public async Task It_is_tried_until_the_monitor_answers()
    {
        _monitor.Answer = static n => n < 5 ? (0, "") : (201, "{}");
        await RegisterAsync();
        Assert.Equal(5, _monitor.Count);
    }

    [Fact]
    public async Task A_refusal_ends_it()
    {
        _monitor.Answer = static _ => (403, "no");
        await RegisterAsync();
        Assert.Equal(1, _monitor.Count);
    }

    private async Task RegisterAsync()
    {
        var bus = new BusOptions
        {
            Connection = new StompClientOptions { Endpoints = [new StompEndpoint("localhost", 1)] },
            Queue = "/queue/epicprod.ops",
        };
        var done = new Subscription(FakeMonitor.Options, _monitor.Client(_time), FakeMonitor.Identity, bus, _time, NullLogger<Subscription>.Instance)
            .RegisterAsync(CancellationToken.None);
        await _time.UntilAsync(TimeSpan.FromSeconds(1), () => done.IsCompleted, "the registration");
        await done;
    }
}
