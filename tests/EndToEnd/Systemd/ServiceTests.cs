using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Systemd;

[Collection(nameof(Broker))]
public sealed class ServiceTests(Broker broker) : IAsyncLifetime
{
    private ServiceScene _scene = null!;
    private StompPyListener _listener = null!;

    public async Task InitializeAsync()
    {
        if (ServersHere.Missing("systemd", "activemq", "python3-stomp") is null)
        {
            _scene = await ServiceScene.SetAsync(broker.Plain);
            _listener = await _scene.ListenAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (_scene is not null)
        {
            await _listener.DisposeAsync();
            await _scene.DisposeAsync();
        }
    }

    [ServerFact("systemd", "activemq", "python3-stomp")]
    public async Task It_is_active_once_it_is_ready_tells_of_its_broker_and_starts_again_after_a_crash_and_a_hang()
    {
        await _scene.StartAsync();
        Assert.Equal(("active", "running"), (await _scene.ShowAsync("ActiveState"), await _scene.ShowAsync("SubState")));
        await _scene.StatusBecomesAsync(text => text.StartsWith($"READY; consuming {_scene.Queue} from localhost:", StringComparison.Ordinal));

        await _scene.SignalAsync("SIGKILL");
        await _scene.BecomesAsync("NRestarts", "1");
        await _scene.BecomesAsync("ActiveState", "active");

        // It stands still: no keep-alive, though it has not ended.
        await _scene.SignalAsync("SIGSTOP");
        await _scene.BecomesAsync("NRestarts", "2");
        await _scene.BecomesAsync("ActiveState", "active");
        var pong = await _scene.PingAsync(_listener);
        Assert.Equal(await _scene.ShowAsync("MainPID"), pong["pid"]);
    }

    [ServerFact("systemd", "activemq", "python3-stomp")]
    public async Task After_a_shutdown_by_message_it_stays_down_and_that_is_no_failure()
    {
        await _scene.StartAsync();
        await _scene.SendAsync("""{"msg_type":"shutdown","sender":"an operator"}""");

        await _scene.BecomesAsync("ActiveState", "inactive");
        Assert.Equal(("100", "success", "0"), (await _scene.ShowAsync("ExecMainStatus"), await _scene.ShowAsync("Result"), await _scene.ShowAsync("NRestarts")));
    }

    [ServerFact("systemd", "activemq", "python3-stomp")]
    public async Task With_a_wrong_configuration_it_stays_down()
    {
        await File.AppendAllTextAsync(_scene.EnvironmentFile, "\nACTIVEMQ_PORT=many\n");
        await Assert.ThrowsAsync<InvalidOperationException>(_scene.StartAsync);

        await _scene.BecomesAsync("ActiveState", "failed");
        Assert.Equal(("78", "0"), (await _scene.ShowAsync("ExecMainStatus"), await _scene.ShowAsync("NRestarts")));
    }

    [ServerFact("systemd", "activemq", "python3-stomp")]
    public async Task A_stop_waits_for_what_must_finish_beyond_its_own_limit_and_queues_the_rest_again()
    {
        await _scene.StartAsync();
        await _scene.SendAsync("""{"msg_type":"slow","key":"1","request_id":"slow"}""", """{"msg_type":"again","key":"2","request_id":"again"}""");
        await _scene.DoerRunsAsync("1");
        var again = await _scene.DoerRunsAsync("2");
        await _scene.Systemd.CtlAsync("stop", "--no-block", ServiceScene.Unit);

        // The drain's time is over once that is ended; TimeoutStopSec=5 would be over soon after, if nobody asked for more.
        await Eventually.HoldsAsync(() => !_scene.LivesAsync(again).GetAwaiter().GetResult(), "the doer that may run again is ended");
        var draining = TimeProvider.System.GetTimestamp();
        await Eventually.HoldsAsync(() => TimeProvider.System.GetElapsedTime(draining) > TimeSpan.FromSeconds(5), "more than TimeoutStopSec");
        Assert.Equal("deactivating", await _scene.ShowAsync("ActiveState"));
        await _scene.GoAsync();

        await _scene.BecomesAsync("ActiveState", "inactive");
        Assert.Equal(("0", "success"), (await _scene.ShowAsync("ExecMainStatus"), await _scene.ShowAsync("Result")));
        Assert.Equal("ok", (await _scene.SettlesAsync(_listener, "slow"))["outcome"]);
        Assert.DoesNotContain(_listener.Messages, m => m["request_id"] == "again");
        await _scene.StartAsync();
        Assert.Equal("ok", (await _scene.SettlesAsync(_listener, "again"))["outcome"]);
    }

    [ServerFact("systemd", "activemq", "python3-stomp")]
    public async Task What_the_agent_could_not_end_is_ended_after_a_stop_that_was_meant()
    {
        await _scene.StartAsync();
        await _scene.SendAsync("""{"msg_type":"slow","key":"1","request_id":"slow"}""");
        var doer = await _scene.DoerRunsAsync("1");
        await _scene.Systemd.CtlAsync("stop", "--no-block", ServiceScene.Unit);
        await _scene.BecomesAsync("ActiveState", "deactivating");

        // Killed in its drain: the doer is nobody's now, and nobody comes for it.
        await _scene.SignalAsync("SIGKILL");

        await _scene.BecomesAsync("ActiveState", "failed");
        Assert.False(await _scene.LivesAsync(doer));
        Assert.Contains("that doers had left; 0 could not be ended", _scene.Log, StringComparison.Ordinal);
    }
}
