using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Artemis;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Bus;

/// <summary>The bus holds where Artemis differs from other brokers.</summary>
public sealed class ArtemisBusTests
{
    private const string Queue = BusUnderTest.Queue;

    [Fact]
    public async Task It_asks_for_its_window_in_bytes_and_that_one_counts()
    {
        await using var server = new ArtemisServer();
        await using var under = await BusUnderTest.SubscribedAsync(server);

        var subscribe = Assert.Single(server.Frames, f => f.Command == "SUBSCRIBE");
        Assert.Equal($"{under.Options.WindowBytes}", subscribe["consumer-window-size"]);
        Assert.Equal($"{under.Options.WindowMessages}", subscribe["activemq.prefetchSize"]);
        Assert.Equal("client-individual", subscribe["ack"]);
        Assert.Equal(under.Options.WindowBytes, Assert.Single(server.Windows(Queue)));
    }

    [Fact]
    public async Task A_thousand_unacked_requests_do_not_hold_back_what_comes_after_them()
    {
        await using var server = new ArtemisServer();
        for (var i = 0; i < 1_001; i++)
        {
            server.Send(Queue, $$"""{"msg_type":"note","n":"{{i}}"}""");
        }

        await using var under = await BusUnderTest.SubscribedAsync(server);

        Assert.Contains("1000", System.Text.Encoding.UTF8.GetString((await under.ReceivesAsync(1_001)).Body.Span), StringComparison.Ordinal);
        Assert.Equal(1_001, server.Unacked(Queue).Count);
    }

    [Fact]
    public async Task A_redelivery_has_the_identity_of_the_first_delivery_though_half_of_its_message_id_is_new()
    {
        await using var server = new ArtemisServer();
        server.Send(Queue, "one");
        server.Send(Queue, "two");
        await using var under = await BusUnderTest.SubscribedAsync(server);
        await under.ReceivesAsync(2);

        server.Drop();
        await under.ReceivesAsync(4);

        var ids = under.Deliveries.Select(d => d.Id).ToList();
        Assert.All(ids, id => Assert.NotNull(id));
        Assert.Equal(ids[..2], ids[2..]);
        Assert.NotEqual(ids[0], ids[1]);
        Assert.Equal(2, server.Deliveries(Queue).Select(d => d.Consumer).Distinct().Count());
    }

    [Fact]
    public async Task Equal_numbers_of_a_store_that_was_built_anew_are_two_messages()
    {
        var time = new FakeTime();
        await using var server = new ArtemisServer(time: time);
        await using var under = await BusUnderTest.SubscribedAsync(server);
        server.NumberFrom(4711);
        server.Send(Queue, "before");
        time.Advance(TimeSpan.FromMilliseconds(1));
        server.NumberFrom(4711);
        await under.ReceivesAsync(1);
        under.Bus.Ack(under.Deliveries.First());
        await Eventually.HoldsAsync(() => server.Acked(Queue).Count == 1, "the first is gone");
        server.Send(Queue, "after");

        var after = await under.ReceivesAsync(2);

        Assert.Equal([4711, 4711], server.Sent(Queue).Select(m => m.Number));
        Assert.NotEqual(under.Deliveries.First().Id, after.Id);
    }

    [Fact]
    public async Task An_ack_that_was_lost_with_its_connection_is_given_once_more_and_never_twice_on_one()
    {
        await using var server = new ArtemisServer();
        server.Send(Queue, "m");
        await using var under = await BusUnderTest.SubscribedAsync(server);
        var first = await under.ReceivesAsync(1);
        server.LosesAcks = true;
        under.Bus.Ack(first);
        await Eventually.HoldsAsync(() => server.Frames.Any(f => f.Command == "ACK"), "the ack that is lost");

        server.Drop();
        server.LosesAcks = false;
        var again = await under.ReceivesAsync(2);
        under.Bus.Ack(first);
        under.Bus.Ack(again);
        under.Bus.Ack(again);

        await Eventually.HoldsAsync(() => server.Acked(Queue).Count == 1, "the ack of the redelivery");
        await under.Bus.StopAsync(CancellationToken.None);
        Assert.Empty(server.Errors);
        Assert.DoesNotContain(server.Frames, f => f.Command == "NACK");
    }

    [Fact]
    public async Task An_ERROR_and_the_end_after_it_lead_to_a_new_connection_and_the_same_deliveries()
    {
        await using var server = new ArtemisServer();
        server.Send(Queue, "m");
        await using var under = await BusUnderTest.SubscribedAsync(server);
        await under.ReceivesAsync(1);

        server.Fail("AMQ229031: Unable to validate user");
        await under.ReceivesAsync(2);

        Assert.Equal(1, under.Losses);
        Assert.Equal("the broker reported an error: AMQ229031: Unable to validate user", under.Bus.State.LastError);
        Assert.True(under.Bus.State.Connected);
    }

    [Fact]
    public Task Handshakes_that_the_broker_ends_at_its_limit_are_tried_again() => StallsAsync(null, null);

    [Fact]
    public async Task TLS_handshakes_that_the_broker_ends_at_its_limit_are_tried_again()
    {
        using var folder = new TemporaryFolder();
        using var files = new TestCertificates(folder.At("certificates"));
        await StallsAsync(files.Server, new StompTlsOptions { CaFile = files.CaFile });
    }

    [Fact]
    public async Task Heart_beats_keep_an_idle_connection_within_the_brokers_time_to_live()
    {
        var time = new FakeTime();
        await using var server = new ArtemisServer(time: time);
        await using var under = await BusUnderTest.SubscribedAsync(server, time);
        var connect = Assert.Single(server.Frames, f => f.Command == "CONNECT");
        Assert.Equal("10000,10000", connect["heart-beat"]);

        // More than ten times the time to live of 20 s. By small steps, with time for both sides to take each: one that came to its turn
        // only after the clock had leapt would think that it had just spoken.
        for (var beat = 1; beat <= 40; beat++)
        {
            var before = server.HeartBeats;
            var waited = Stopwatch.StartNew();
            var steps = 0;
            await Eventually.HoldsAsync(
                () =>
                {
                    if (server.HeartBeats == before && steps < 15 && waited.ElapsedMilliseconds >= 25 * steps)
                    {
                        steps++;
                        time.Advance(TimeSpan.FromSeconds(1));
                    }

                    return server.HeartBeats > before;
                },
                $"heart-beat {beat}");
        }

        Assert.Empty(server.Errors);
        Assert.Equal((1, 0), (server.Accepted, under.Losses));
    }

    [Fact]
    public async Task A_broker_that_ended_it_for_silence_is_come_back_to()
    {
        var time = new FakeTime();
        await using var server = new ArtemisServer(time: time);
        server.Send(Queue, "m");
        await using var under = await BusUnderTest.SubscribedAsync(server, time);
        await under.ReceivesAsync(1);

        // The whole machine stood still: all is due at once, and the broker's watch comes before the heart-beat it waits for.
        server.Fail("AMQ229014: Did not receive data within the 20000ms connection TTL. The connection will now be closed.");
        await Eventually.HoldsAsync(() => under.Losses == 1, "the loss");
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return under.Deliveries.Count >= 2;
            },
            "the delivery comes again");

        Assert.Equal(under.Deliveries.First().Id, under.Deliveries.ElementAt(1).Id);
    }

    private static async Task StallsAsync(X509Certificate2? certificate, StompTlsOptions? tls)
    {
        var options = new ArtemisOptions { HandshakeTimeout = TimeSpan.FromSeconds(2), Certificate = certificate };
        await using var server = new ArtemisServer(options);
        server.StallHandshakes(1);

        await using var under = await BusUnderTest.SubscribedAsync(server, tls: tls);

        Assert.True(server.HandshakesTimedOut >= 1, $"{server.HandshakesTimedOut} of {server.Accepted} connections were ended");
        Assert.Equal(0, under.Losses);
        server.Send(Queue, "m");
        await under.ReceivesAsync(1);
    }
}
