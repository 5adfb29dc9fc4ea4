using OpsAgent.OpsCtl.Bus;
using OpsAgent.OpsCtl.Settings;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

public sealed class StompOpsBusTests
{
    [Fact]
    public async Task A_broker_that_refuses_is_followed_by_the_next_one()
    {
        await using var gone = new ScriptedStompServer();
        gone.StopListening();
        await using var there = new ScriptedStompServer();
        await using var bus = new StompOpsBus(Settings(gone.Port, there.Port), TimeProvider.System);

        var connecting = bus.ConnectAsync(Eventually.Limit, CancellationToken.None);
        await there.GrantAsync();
        await connecting;

        Assert.Equal(1, there.Accepted);
    }

    [Fact]
    public async Task A_broker_that_hangs_leaves_its_time_to_the_next_one()
    {
        var time = new FakeTime();
        await using var silent = new ScriptedStompServer();
        await using var bus = new StompOpsBus(Settings(silent.Port, silent.Port), time);

        var connecting = bus.ConnectAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        await Eventually.HoldsAsync(() => time.ArmedTimers > 0, "the limit is armed");
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(1, time.ArmedTimers);

        time.Advance(TimeSpan.FromSeconds(5));
        var unreachable = await Assert.ThrowsAsync<OpsAgent.OpsCtl.OpsCtlException>(() => connecting);
        Assert.Contains($"localhost:{silent.Port}, localhost:{silent.Port}", unreachable.Message, StringComparison.Ordinal);
    }

    private static BrokerSettings Settings(params int[] ports) => new()
    {
        Endpoints = [.. ports.Select(static p => new StompEndpoint("localhost", p))],
        User = "u",
        Password = "p",
        Queue = "/queue/a",
        SettledTopic = "",
        Namespace = "prodops",
    };
}
