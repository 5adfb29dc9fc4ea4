using System.Text.Json;
using OpsAgent.OpsCtl;
using OpsAgent.OpsCtl.Bus;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Enqueue;

public sealed class EnqueueTests
{
    private readonly OpsCtlRun _run = new();

    private JsonElement Body => FakeOpsBus.Body(Assert.Single(_run.Bus.Sent));

    [Fact]
    public async Task The_message_is_the_script_s_and_a_line_says_that_it_is_there()
    {
        Assert.Equal(0, await _run.RunAsync("enqueue", "catalog_sync", "--created-by", "nightly_cron", "--extra", "days=007", "--extra", "only=a=b"));

        Assert.Equal(["enqueued catalog_sync to /queue/epicprod.ops"], _run.Lines);
        Assert.Equal(
            """{"msg_type":"catalog_sync","namespace":"prodops","created_by":"nightly_cron","days":7,"only":"a=b","request_id":""",
            Body.GetRawText()[..(Body.GetRawText().LastIndexOf(':') + 1)]);
        var request = _run.Bus.Sent[0];
        Assert.Equal(("/queue/epicprod.ops", true, TimeSpan.FromHours(6)), (request.Destination, request.Persistent, request.Lifetime));
    }

    [Theory]
    [InlineData("n=5", "5")]
    [InlineData("n=0", "0")]
    [InlineData("n=000", "0")]
    [InlineData("n=123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("n=-5", "\"-5\"")]
    [InlineData("n=1.5", "\"1.5\"")]
    [InlineData("n=٣", "\"\\u0663\"")]
    [InlineData("n= 5", "\" 5\"")]
    public async Task Digits_alone_are_a_number(string extra, string value)
    {
        Assert.Equal(0, await _run.RunAsync("enqueue", "x", "--extra", extra));
        Assert.Equal(value, Body.GetProperty("n").GetRawText());
    }

    [Theory]
    [InlineData("n")]
    [InlineData("n=")]
    [InlineData("=5")]
    public async Task An_extra_without_key_or_value_ends_with_1_and_sends_nothing(string extra)
    {
        Assert.Equal(1, await _run.RunAsync("enqueue", "x", "--extra", extra));
        Assert.Empty(_run.Bus.Sent);
    }

    [Fact]
    public async Task Queue_namespace_expiry_and_the_facility_s_file_are_taken()
    {
        using var folder = new TemporaryFolder();
        _run.Environment["EPICPROD_ENV_FILE"] = folder.Write("env", "ACTIVEMQ_PASSWORD=a$b(c) \"d\nEPICPROD_OPS_QUEUE=/queue/from.file\n");

        Assert.Equal(0, await _run.RunAsync("enqueue", "x", "--namespace", "other", "--expires", "90s"));
        Assert.Equal(("/queue/from.file", "other", TimeSpan.FromSeconds(90)), (_run.Bus.Sent[0].Destination, Body.GetProperty("namespace").GetString(), _run.Bus.Sent[0].Lifetime));
        Assert.Equal("a$b(c) \"d", _run.Settings!.Password);
        Assert.Equal(TimeSpan.FromSeconds(30), _run.Settings.ConnectTimeout);

        Assert.Equal(0, await _run.RunAsync("enqueue", "x", "--queue", "/queue/given"));
        Assert.Equal("/queue/given", _run.Bus.Sent[1].Destination);
    }

    [Fact]
    public async Task After_four_attempts_15_30_and_60_seconds_apart_it_gives_up()
    {
        var time = new FakeTime();
        _run.Time = time;
        _run.Bus.ConnectFails = new OpsCtlException(69, "the broker closed the connection", "look at it");

        var running = _run.RunAsync("enqueue", "x");
        foreach (var seconds in (int[])[15, 30, 60])
        {
            await Eventually.HoldsAsync(() => time.ArmedTimers > 0, "it waits");
            Assert.EndsWith($"; again in {seconds} s\n", _run.Error, StringComparison.Ordinal);
            time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.Equal(1, time.ArmedTimers);
            time.Advance(TimeSpan.FromTicks(1));
        }

        Assert.Equal(1, await running.WaitAsync(Eventually.Limit));
        Assert.Contains("attempt 4 of 4 failed: the broker closed the connection\n", _run.Error, StringComparison.Ordinal);
        Assert.Contains("giving up on /queue/epicprod.ops after 4 attempts", _run.Error, StringComparison.Ordinal);
        Assert.Equal("", _run.Out);
    }

    [Fact]
    public async Task A_receipt_that_does_not_come_is_an_attempt_that_failed_and_the_next_sends_the_same_message()
    {
        var time = new FakeTime();
        _run.Time = time;
        _run.Bus.Confirmed = new TaskCompletionSource().Task;

        var running = _run.RunAsync("enqueue", "x");
        await Eventually.HoldsAsync(() => _run.Bus.Sent.Count == 1 && time.ArmedTimers > 0, "it waits for the receipt");
        time.Advance(TimeSpan.FromSeconds(30));
        await Eventually.HoldsAsync(() => _run.Error.Contains("did not confirm", StringComparison.Ordinal) && time.ArmedTimers > 0, "it waits for the next attempt");
        _run.Bus.Confirmed = Task.CompletedTask;
        time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(0, await running.WaitAsync(Eventually.Limit));
        Assert.Equal(_run.Bus.Sent[0].Body.ToArray(), _run.Bus.Sent[1].Body.ToArray());
    }

    [Fact]
    public async Task A_broker_that_drops_its_handshakes_is_tried_on_and_gets_persistent_expires_and_receipt()
    {
        await using var server = new ScriptedStompServer();
        var surroundings = _run.Surroundings() with { Bus = settings => new StompOpsBus(settings, TimeProvider.System) };
        var running = OpsCtlProgram.RunAsync(["enqueue", "x", "--host", "127.0.0.1", "--port", $"{server.Port}"], surroundings);

        // As a broker does whose time for a handshake is over.
        (await server.AcceptAsync()).Drop();
        (await server.AcceptAsync()).Drop();
        var connection = await server.GrantAsync();
        var sent = await connection.ExpectAsync("SEND");
        Assert.Equal(("/queue/epicprod.ops", "true"), (sent["destination"], sent["persistent"]));
        Assert.InRange(long.Parse(sent["expires"]!) - TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), 5.9 * 3600_000, 6 * 3600_000);
        Assert.False(running.IsCompleted);
        await connection.SendReceiptAsync(sent);
        await connection.SendReceiptAsync(await connection.ExpectAsync("DISCONNECT"));

        Assert.Equal(0, await running.WaitAsync(Eventually.Limit));
    }
}
