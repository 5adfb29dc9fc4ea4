using System.Text.Json;
using OpsAgent.OpsCtl.Bus;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

public sealed class SendTests
{
    private const string Topic = "/topic/epicprod.ops.settled";
    private readonly OpsCtlRun _run = new();

    [Fact]
    public async Task Fields_are_text_unless_they_are_given_as_json()
    {
        Assert.Equal(0, await _run.RunAsync(
            "send", "fetch_payload_log", "pandaid=5678", "lfn=a=b", "empty=", "force:=true", "items:=[1,{\"a\":null}]", "@x=y"));

        var body = FakeOpsBus.Body(_run.Bus.Sent[0]);
        Assert.Equal("5678", body.GetProperty("pandaid").GetString());
        Assert.Equal("a=b", body.GetProperty("lfn").GetString());
        Assert.Equal("", body.GetProperty("empty").GetString());
        Assert.Equal(JsonValueKind.True, body.GetProperty("force").ValueKind);
        Assert.Equal("""[1,{"a":null}]""", body.GetProperty("items").GetRawText());
        Assert.Equal("y", body.GetProperty("@x").GetString());
    }

    [Fact]
    public async Task What_every_request_carries_is_added_and_nothing_given_is_overwritten()
    {
        Assert.Equal(0, await _run.RunAsync("send", "x", "created_by=cron", "--request-id", "nightly-1"));

        var body = FakeOpsBus.Body(_run.Bus.Sent[0]);
        Assert.Equal("""{"created_by":"cron","msg_type":"x","namespace":"prodops","request_id":"nightly-1"}""", body.GetRawText());
        Assert.Null(_run.Bus.Sent[0].Lifetime);
        Assert.Equal("sent x to /queue/epicprod.ops as nightly-1", Assert.Single(_run.Lines));
    }

    [Fact]
    public async Task A_request_without_id_gets_one_and_the_user_is_named()
    {
        Assert.Equal(0, await _run.RunAsync("send", "x", "-o", "json"));

        var body = FakeOpsBus.Body(_run.Bus.Sent[0]);
        Assert.Equal(_run.Json.GetProperty("request_id").GetString(), body.GetProperty("request_id").GetString());
        Assert.Equal(JsonValueKind.Null, _run.Json.GetProperty("settlement").ValueKind);
        Assert.Equal("alice", body.GetProperty("created_by").GetString());
    }

    [Fact]
    public async Task A_document_from_stdin_comes_first_and_fields_replace_its_members()
    {
        _run.Input = """{"a":1,"b":2,"request_id":"from-document"}""";

        Assert.Equal(0, await _run.RunAsync("send", "x", "b=two", "--json", "-"));

        var body = FakeOpsBus.Body(_run.Bus.Sent[0]);
        Assert.Equal(1, body.GetProperty("a").GetInt32());
        Assert.Equal("two", body.GetProperty("b").GetString());
        Assert.Equal("from-document", body.GetProperty("request_id").GetString());
    }

    [Fact]
    public async Task The_wire_is_ascii()
    {
        await _run.RunAsync("send", "x", "text=Grüße → 🚀");

        Assert.All(_run.Bus.Sent[0].Body.ToArray(), b => Assert.InRange(b, (byte)0x20, (byte)0x7e));
        Assert.Equal("Grüße → 🚀", FakeOpsBus.Body(_run.Bus.Sent[0]).GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("nofield")]
    [InlineData("=x")]
    [InlineData(":=1")]
    [InlineData("a:={")]
    [InlineData("a:=")]
    [InlineData("msg_type=other")]
    [InlineData("request_id=not an id")]
    public async Task A_field_that_cannot_be_read_exits_with_64_and_sends_nothing(string field)
    {
        Assert.Equal(64, await _run.RunAsync("send", "x", field));
        Assert.Empty(_run.Bus.Sent);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("nonsense")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_document_that_is_no_object_exits_with_64(string document)
    {
        _run.Input = document;

        Assert.Equal(64, await _run.RunAsync("send", "x", "--json", "-"));
        Assert.Empty(_run.Bus.Sent);
    }

    [Theory]
    [InlineData("ok", 0)]
    [InlineData("skipped", 0)]
    [InlineData("error", 1)]
    [InlineData("timeout", 1)]
    [InlineData("unrecorded", 1)]
    [InlineData("unverified", 1)]
    [InlineData("unknown", 1)]
    [InlineData("rejected", 1)]
    [InlineData("cancelled", 1)]
    public async Task The_exit_code_is_that_of_the_outcome(string outcome, int code)
    {
        _run.Bus.OnSent = (bus, request) => Settle(bus, request, $"\"outcome\":\"{outcome}\",\"reason\":\"because\",\"duration_ms\":1500");

        Assert.Equal(code, await _run.RunAsync("send", "x", "--request-id", "r1", "--wait"));
        Assert.Equal($"x r1 {outcome} after 1.5 s: because", Assert.Single(_run.Lines));
    }

    [Fact]
    public async Task The_settled_topic_is_subscribed_before_the_request_is_sent()
    {
        _run.Bus.OnSent = (bus, request) => Settle(bus, request, "\"outcome\":\"ok\"");

        await _run.RunAsync("send", "x", "--wait");

        Assert.Equal([$"subscribe {Topic}", "send /queue/epicprod.ops"], _run.Bus.Journal);
    }

    [Fact]
    public async Task A_skipped_request_names_the_first_one()
    {
        _run.Bus.OnSent = (bus, request) => Settle(bus, request, "\"outcome\":\"skipped\",\"duplicate_of\":\"r0\"");

        Assert.Equal(0, await _run.RunAsync("send", "x", "--request-id", "r1", "--wait"));
        Assert.Equal("x r1 skipped (a duplicate of r0, whose events serve both)", Assert.Single(_run.Lines));
    }

    [Fact]
    public async Task Json_holds_the_settlement_as_it_came()
    {
        _run.Bus.OnSent = (bus, request) => Settle(bus, request, "\"outcome\":\"ok\",\"new_member\":[1]");

        Assert.Equal(0, await _run.RunAsync("send", "x", "--request-id", "r1", "--wait", "-o", "json"));

        Assert.Equal("r1", _run.Json.GetProperty("request_id").GetString());
        Assert.Equal("[1]", _run.Json.GetProperty("settlement").GetProperty("new_member").GetRawText());
    }

    [Fact]
    public async Task Other_messages_of_the_topic_are_passed_over_and_held_is_noted()
    {
        _run.Bus.OnSent = (bus, request) =>
        {
            bus.Deliver(Topic, "garbage");
            bus.Deliver(Topic, "[]");
            bus.Deliver(Topic, """{"msg_type":"ops_request_settled","request_id":"other","outcome":"error"}""");
            bus.Deliver(Topic, """{"msg_type":"ops_request_settled","request_id":7,"outcome":"error"}""");
            bus.Deliver(Topic, """{"msg_type":"ops_request_held","request_id":"r1","reason":"proxy expired","until":"18:00"}""");
            Settle(bus, request, "\"outcome\":\"ok\"");
        };

        Assert.Equal(0, await _run.RunAsync("send", "x", "--request-id", "r1", "--wait"));
        Assert.Contains("held: proxy expired, until 18:00", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_settlement_in_time_exits_with_1_and_says_how_to_go_on()
    {
        var time = new FakeTime();
        _run.Time = time;

        var running = _run.RunAsync("send", "x", "--request-id", "r1", "--wait", "--timeout", "1m");
        await Eventually.HoldsAsync(() => _run.Bus.Sent.Count == 1 && time.ArmedTimers > 0, "it waits");
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1, await running);
        Assert.Contains("no settlement of r1 within 60 s: the broker has it", _run.Error, StringComparison.Ordinal);
        Assert.Contains("opsctl work why r1", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_holds_a_request_is_told_where_the_time_is_over()
    {
        var time = new FakeTime();
        _run.Time = time;
        _run.Bus.OnSent = (bus, _) => bus.Deliver(Topic, """{"msg_type":"ops_request_held","request_id":"r1","reason":"proxy expired"}""");

        var running = _run.RunAsync("send", "x", "--request-id", "r1", "--wait", "--timeout", "1m");
        await Eventually.HoldsAsync(() => _run.Bus.Sent.Count == 1 && time.ArmedTimers > 0, "it waits");
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1, await running);
        Assert.Contains("the agent has it and holds it: proxy expired", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_receipt_in_time_says_that_the_broker_may_have_it()
    {
        var time = new FakeTime();
        _run.Time = time;
        _run.Bus.Confirmed = new TaskCompletionSource().Task;

        var running = _run.RunAsync("send", "x", "--request-id", "r1", "--timeout", "1m");
        await Eventually.HoldsAsync(() => _run.Bus.Sent.Count == 1 && time.ArmedTimers > 0, "it waits");
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1, await running);
        Assert.Contains("no receipt for r1 within 60 s: the broker may have it", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_connection_in_time_says_that_nothing_was_sent()
    {
        var time = new FakeTime();
        _run.Time = time;
        _run.Bus.Connected = new TaskCompletionSource().Task;

        var running = _run.RunAsync("send", "x", "--timeout", "1m");
        await Eventually.HoldsAsync(() => time.ArmedTimers > 0, "it connects");
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(69, await running);
        Assert.Contains("nothing was sent", _run.Error, StringComparison.Ordinal);
        Assert.True(_run.Bus.Disposed);
    }

    [Theory]
    [InlineData(false, "interrupted while waiting for r1: the broker has it", "opsctl work why r1")]
    [InlineData(true, "interrupted", "nothing was sent")]
    public async Task Ctrl_C_exits_with_130_and_says_what_is_known(bool unconnected, string message, string advice)
    {
        using var interrupt = new CancellationTokenSource();
        _run.Bus.Connected = unconnected ? new TaskCompletionSource().Task : Task.CompletedTask;
        var running = _run.RunAsync(interrupt.Token, "send", "x", "--request-id", "r1", "--wait");
        await Eventually.HoldsAsync(
            () => unconnected ? _run.Settings is not null : _run.Error.Contains("waiting for its settlement", StringComparison.Ordinal), "it waits");
        await interrupt.CancelAsync();

        Assert.Equal(130, await running);
        Assert.Contains(message, _run.Error, StringComparison.Ordinal);
        Assert.Contains(advice, _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_was_lost_meanwhile_is_told_once_each_way()
    {
        var running = _run.RunAsync("send", "x", "--request-id", "r1", "--wait");
        await Eventually.HoldsAsync(() => _run.Bus is { OnChange: not null, Sent.Count: 1 }, "it waits");
        _run.Bus.OnChange!(new BusChange(false, "the connection to b was lost: reset"));
        _run.Bus.OnChange!(new BusChange(false, "b: refused"));
        _run.Bus.OnChange!(new BusChange(true, "connected to b"));
        _run.Bus.Deliver(Topic, """{"msg_type":"ops_request_settled","request_id":"r1","outcome":"ok"}""");

        Assert.Equal(0, await running);
        Assert.Equal(
            [
                "sent x to /queue/epicprod.ops as r1; waiting for its settlement",
                "the connection to b was lost: reset; trying again",
                "connected to b again; if it was settled meanwhile, only opsctl work why r1 tells so",
            ],
            _run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("a:=[1", "a is no JSON at line 1, column 3: ", "see the examples")]
    [InlineData("a:=plain", "a is no JSON at line 1, column 1: ", "for plain text write a=text, with = alone")]
    [InlineData("plain", "'plain' is no field: write key=text or key:=json", "see the examples")]
    public async Task A_field_that_cannot_be_read_is_told_with_its_place(string field, string message, string advice)
    {
        Assert.Equal(64, await _run.RunAsync("send", "x", field));
        Assert.Contains(message, _run.Error, StringComparison.Ordinal);
        Assert.Contains(advice, _run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_that_is_no_JSON_is_told_with_line_and_column()
    {
        _run.Input = "{\n  \"a\": }";
        Assert.Equal(64, await _run.RunAsync("send", "x", "--json", "-"));
        Assert.Contains("--json is no JSON at line 2, column 8: ", _run.Error, StringComparison.Ordinal);

        Assert.Equal(64, await _run.RunAsync("send", "x", "--json", "/nowhere.json"));
        Assert.Contains("--json: there is no file /nowhere.json", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outcome_has_its_color_on_a_terminal()
    {
        _run.OnTerminal(colors: true);
        _run.Bus.OnSent = (bus, request) => Settle(bus, request, "\"outcome\":\"timeout\"");

        await _run.RunAsync("send", "x", "--request-id", "r1", "--wait");

        Assert.Equal("x r1 \u001b[31mtimeout\u001b[0m", Assert.Single(_run.Lines));
    }

    [Fact]
    public async Task Waiting_where_the_agent_publishes_no_settlements_exits_with_78()
    {
        _run.Environment["OPSAGENT_SETTLED_TOPIC"] = "";

        Assert.Equal(78, await _run.RunAsync("send", "x", "--wait"));
        Assert.Empty(_run.Bus.Sent);
        Assert.Equal(0, await _run.RunAsync("send", "x"));
    }

    [Fact]
    public async Task A_reason_cannot_write_to_the_terminal()
    {
        _run.OnTerminal();
        _run.Bus.OnSent = (bus, request) => Settle(bus, request, "\"outcome\":\"error\",\"reason\":\"\\u001b[2Jgone\"");

        await _run.RunAsync("send", "x", "--wait");

        Assert.DoesNotContain('\u001b', _run.Out);
        Assert.Contains("\\u001b[2Jgone", _run.Out, StringComparison.Ordinal);
    }

    private static void Settle(FakeOpsBus bus, JsonElement request, string members) =>
        bus.Deliver(Topic, $$"""{"msg_type":"ops_request_settled","request_id":{{request.GetProperty("request_id").GetRawText()}},{{members}}}""");
}
