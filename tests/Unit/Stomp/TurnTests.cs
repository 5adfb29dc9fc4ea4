using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp;

public sealed class TurnTests
{
    [Fact]
    public async Task What_is_run_in_turn_needs_no_connection_and_may_fail_and_is_refused_after_the_end()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var ran = new TaskCompletionSource();

        Assert.True(under.Client.TryRunInTurn(static () => throw new InvalidOperationException("on purpose")));
        Assert.True(under.Client.TryRunInTurn(ran.SetResult));

        await ran.Task.WaitAsync(Eventually.Limit);
        await under.Client.DisposeAsync();
        Assert.False(under.Client.TryRunInTurn(static () => { }));
    }

    [Fact]
    public async Task The_loop_turns_while_nothing_comes_and_not_when_a_step_takes_longer_than_its_limit()
    {
        var time = new FakeTime();
        await using var server = new ScriptedStompServer();
        await using var under = new ClientUnderTest([server], time);
        using var release = new ManualResetEventSlim();
        under.Client.Changed += (_, change) =>
        {
            if (change.Kind == StompChangeKind.Disconnected)
            {
                release.Wait(Eventually.Limit);
            }
        };
        under.Client.Start();
        var connection = await server.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected);
        await Eventually.HoldsAsync(() => Idle(under.Client, time), "it reads, and may for ever");

        connection.Drop();
        await under.SeesAsync(StompChangeKind.Disconnected);
        Assert.True(under.Client.LoopTurns);
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.False(under.Client.LoopTurns);

        release.Set();
        await Eventually.HoldsAsync(() => under.Client.LoopTurns, "it goes on to the next try");
    }

    // Longer than any limit there is.
    private static bool Idle(StompClient client, FakeTime time)
    {
        time.Advance(TimeSpan.FromHours(1));
        return client.LoopTurns;
    }
}
