using System.Diagnostics;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.Suite;

/// <summary>Heart-beats. Here time itself is what is tested, so these are the slow ones.</summary>
public abstract class HeartBeatContract(ContractBroker broker) : BrokerContract(broker)
{
    [SuiteTheory]
    [InlineData(0, 0)]
    [InlineData(5000, 0)]
    [InlineData(0, 6000)]
    [InlineData(5000, 6000)]
    [InlineData(500, 400)]
    public async Task They_are_agreed_on_as_asked_for_but_no_more_often_than_listed(int sends, int wants)
    {
        await using var raw = await RawStompClient.OpenAsync(Port);
        await raw.SendAsync("CONNECT", [.. ConnectHeaders(), "accept-version:1.2", $"heart-beat:{sends},{wants}"]);

        // First what the broker can do, then what it wants; each side's offer counts, and the longer interval is agreed on.
        var offer = (await raw.ExpectAsync("CONNECTED"))["heart-beat"]!.Split(',').Select(int.Parse).ToArray();

        Assert.Equal((Least(wants), Least(sends)), (Agreed(offer[0], wants), Agreed(offer[1], sends)));

        int Least(int asked) => asked == 0 ? 0 : Math.Max(asked, Traits.LeastHeartBeat);
        static int Agreed(int one, int other) => one == 0 || other == 0 ? 0 : Math.Max(one, other);
    }

    [SuiteFact]
    public async Task The_broker_sends_what_it_promised()
    {
        await using var raw = await ConnectRawAsync(heartBeat: "0,1000");

        await Eventually.HoldsAsync(() => raw.HeartBeats >= 4, () => $"4 heart-beats; came: {raw.HeartBeats}");
    }

    [SuiteFact]
    public async Task A_peer_that_promised_and_is_silent_is_cut_off_and_what_it_held_goes_to_others()
    {
        var queue = NewQueue();
        await using var raw = await ConnectRawAsync(heartBeat: "1000,0");
        var silent = Stopwatch.StartNew();
        await raw.SendAsync("SUBSCRIBE", "id:1", $"destination:{queue}", "ack:client-individual");
        await raw.SendTextAsync("SEND", [$"destination:{queue}"], "m0");
        await raw.ExpectAsync("MESSAGE");

        await raw.Ended.WaitAsync(Eventually.Limit);

        Assert.True(silent.Elapsed > TimeSpan.FromSeconds(1), $"after {silent.Elapsed}");
        await LeavesAsync(queue, ["m0"]);
    }

    [SuiteFact]
    public async Task A_peer_that_promised_nothing_may_be_silent_and_one_that_beats_lives()
    {
        await using var quiet = await ConnectRawAsync();
        await using var client = await BrokerClient.ConnectedAsync(Options with
        {
            HeartBeatSend = TimeSpan.FromSeconds(3),
            HeartBeatReceive = TimeSpan.FromSeconds(3),
        });

        // Longer than either side would bear without a heart-beat.
        await Task.Delay(TimeSpan.FromSeconds(9), TimeProvider.System);

        Assert.DoesNotContain(client.Changes, c => c.Kind == StompChangeKind.Disconnected);
        await client.FenceAsync();
        Assert.False(quiet.Ended.IsCompleted);
        await AnswersAsync(quiet, Answer.None);
    }
}
