using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Systemd;

[Collection(nameof(Broker))]
public sealed class OutageTests(Broker broker)
{
    [ServerFact("systemd", "activemq", "python3-stomp")]
    public async Task A_broker_that_is_away_for_three_watchdog_periods_is_no_reason_for_a_restart()
    {
        await using var line = CutLine.To(broker.ActiveMq.Port);
        await using var scene = await ServiceScene.SetAsync(broker.Plain, $"ACTIVEMQ_PORT={line.Port}");
        await using var listener = await scene.ListenAsync();
        await scene.StartAsync();
        var pid = await scene.ShowAsync("MainPID");
        await scene.SendAsync("""{"msg_type":"again","key":"1","request_id":"again"}""");
        await scene.DoerRunsAsync("1");

        line.Cut();
        var away = TimeProvider.System.GetTimestamp();
        await scene.StatusBecomesAsync(text => text.StartsWith("PROCESSING; no broker at localhost:", StringComparison.Ordinal));
        await scene.GoAsync();
        await scene.StatusBecomesAsync(text => text.EndsWith("; 0 running, 0 queued, 0 in doubt", StringComparison.Ordinal));
        await Eventually.HoldsAsync(() => TimeProvider.System.GetElapsedTime(away) > 3 * ServiceScene.Watchdog, "three watchdog periods");
        Assert.DoesNotContain(listener.Messages, m => m["request_id"] == "again");

        line.Mend();
        Assert.Equal("ok", (await scene.SettlesAsync(listener, "again"))["outcome"]);
        Assert.Equal(("0", pid), (await scene.ShowAsync("NRestarts"), await scene.ShowAsync("MainPID")));
    }
}
