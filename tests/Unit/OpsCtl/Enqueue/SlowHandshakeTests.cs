using System.Diagnostics;
using OpsAgent.OpsCtl;
using OpsAgent.OpsCtl.Bus;
using OpsAgent.OpsCtl.Enqueue;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Enqueue;

/// <summary>A broker that takes its time to shake hands, by a real TLS handshake whose bytes come slowly.</summary>
public sealed class SlowHandshakeTests : IDisposable
{
    private readonly OpsCtlRun _run = new();
    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificates _files;

    public SlowHandshakeTests() => _files = new TestCertificates(_folder.At("tls"));

    public void Dispose()
    {
        _files.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_handshake_that_takes_seconds_is_waited_for_on_the_one_connection()
    {
        await using var server = new ScriptedStompServer(_files.Server);
        await using var relay = new SlowTlsRelay(server.Port, static _ => TimeSpan.FromMilliseconds(600));
        var watch = Stopwatch.StartNew();
        var running = EnqueueAsync(relay, EnqueueRun.ConnectTimeout);
        await TakeAsync(server);

        Assert.Equal(0, await running.WaitAsync(Eventually.Limit));
        Assert.InRange(watch.Elapsed, SlowTlsRelay.Pieces * TimeSpan.FromMilliseconds(590), Eventually.Limit);
        Assert.Equal(1, relay.Connections);
        Assert.Equal("", _run.Error);
    }

    [Fact]
    public async Task Handshakes_beyond_the_limit_of_a_connection_are_given_up_and_the_first_fast_one_carries_the_message()
    {
        await using var server = new ScriptedStompServer(_files.Server);
        await using var relay = new SlowTlsRelay(server.Port, static n => n <= 2 ? TimeSpan.FromSeconds(60) : TimeSpan.Zero);
        var running = EnqueueAsync(relay, TimeSpan.FromSeconds(2));
        await TakeAsync(server);

        // All of it is within the first of the four attempts.
        Assert.Equal(0, await running.WaitAsync(Eventually.Limit));
        Assert.InRange(relay.Connections, 3, int.MaxValue);
        Assert.Equal("", _run.Error);
    }

    [Fact]
    public async Task A_minute_of_slow_handshakes_is_an_attempt_that_failed_and_the_next_is_15_seconds_later()
    {
        var time = new FakeTime();
        _run.Time = time;
        var pause = TimeSpan.FromHours(1);
        await using var server = new ScriptedStompServer(_files.Server);
        await using var relay = new SlowTlsRelay(server.Port, _ => pause);
        var running = EnqueueAsync(relay, EnqueueRun.ConnectTimeout);
        await Eventually.HoldsAsync(() => relay.Connections == 1 && time.UntilNext == TimeSpan.FromMinutes(1), "it shakes hands, for a minute at most");
        time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.HoldsAsync(
            () => _run.Error.Contains("attempt 1 of 4 failed", StringComparison.Ordinal) && time.UntilNext == TimeSpan.FromSeconds(15),
            "it waits for the next attempt");
        Assert.EndsWith("; again in 15 s\n", _run.Error, StringComparison.Ordinal);

        pause = TimeSpan.Zero;
        time.Advance(TimeSpan.FromSeconds(15));
        await TakeAsync(server);
        Assert.Equal(0, await running.WaitAsync(Eventually.Limit));
        Assert.Equal(2, relay.Connections);
    }

    private static async Task TakeAsync(ScriptedStompServer server)
    {
        var connection = await server.GrantAsync();
        await connection.SendReceiptAsync(await connection.ExpectAsync("SEND"));
        await connection.SendReceiptAsync(await connection.ExpectAsync("DISCONNECT"));
    }

    /// <param name="relay">What stands for the broker.</param>
    /// <param name="limit">Of one connection, in place of the product's.</param>
    private Task<int> EnqueueAsync(SlowTlsRelay relay, TimeSpan limit)
    {
        var surroundings = _run.Surroundings() with { Bus = settings => new StompOpsBus(settings.WithConnectTimeout(limit), _run.Time) };
        return OpsCtlProgram.RunAsync(
            ["enqueue", "x", "--host", "127.0.0.1", "--port", $"{relay.Port}", "--tls", "--ca-file", _files.CaFile], surroundings);
    }
}
