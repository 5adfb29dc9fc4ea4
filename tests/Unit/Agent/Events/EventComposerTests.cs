using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Events;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Events;

public sealed class EventComposerTests
{
    private readonly EventsOptions _options = new() { Sender = "prodops-agent-x-7" };

    private EventComposer Composer => new(Options.Create(_options), NullLogger<EventComposer>.Instance);

    [Fact]
    public void An_event_carries_its_fields_and_those_of_every_event_over_any_of_the_same_names()
    {
        var fields = new JsonObject { ["pandaid"] = "12", ["sender"] = "forged", ["event_id"] = "forged", ["namespace"] = null };
        var row = Composer.Compose(new RequestId("r"), [new CompletionEvent(new MsgType("payload_log_ready"), fields)], 1_000).Single();

        var body = JsonElement.Parse(row.Body);
        Assert.Equal("payload_log_ready", body.GetProperty("msg_type").GetString());
        Assert.Equal("prodops-agent-x-7", body.GetProperty("sender").GetString());
        Assert.Equal("prodops", body.GetProperty("namespace").GetString());
        Assert.Equal(row.EventId, body.GetProperty("event_id").GetString());
        Assert.Equal("r", body.GetProperty("request_id").GetString());
        Assert.Equal("12", body.GetProperty("pandaid").GetString());
        Assert.Equal(("/topic/epictopic", true, null), (row.Destination, row.Persistent, row.ExpiresAt));
        Assert.Equal("forged", fields["sender"]!.GetValue<string>());
    }

    [Fact]
    public void Whatever_is_in_it_the_body_is_ascii_json()
    {
        var fields = new JsonObject { ["error"] = "π ≠ 3 \u2028 😀", ["ключ"] = "é" };
        var row = Composer.Compose(new RequestId("r"), [new CompletionEvent(new MsgType("t"), fields)], 1).Single();

        Assert.All(row.Body, b => Assert.InRange(b, (byte)0x20, (byte)0x7e));
        Assert.Equal("π ≠ 3 \u2028 😀", JsonElement.Parse(row.Body).GetProperty("error").GetString());
        Assert.Equal("é", JsonElement.Parse(row.Body).GetProperty("ключ").GetString());
    }

    [Fact]
    public void No_event_looks_like_a_heartbeat()
    {
        var fields = new JsonObject { ["agent_name"] = "a", ["status"] = "done" };
        var body = JsonElement.Parse(Composer.Compose(new RequestId("r"), [new CompletionEvent(new MsgType("t"), fields)], 1).Single().Body);

        Assert.False(body.TryGetProperty("agent_name", out _));
        Assert.Equal("done", body.GetProperty("status").GetString());
    }

    [Fact]
    public void A_type_that_the_monitor_could_not_store_is_left_out_and_the_others_are_not()
    {
        var rows = Composer.Compose(
            new RequestId("r"),
            [new(new MsgType(new string('x', 51)), []), new(new MsgType(new string('y', 50)), [])],
            1);

        Assert.Equal(new string('y', 50), JsonElement.Parse(rows.Single().Body).GetProperty("msg_type").GetString());
    }

    [Fact]
    public void A_settlement_says_only_what_is_known_in_one_bounded_line()
    {
        var row = Composer.Compose(
            new Settlement { RequestId = "r", RequestType = "t", Outcome = Outcome.Error, Reason = "a\r\nb\u001b[1m\u202ec\u2028" + new string('x', 400) }, 1_000)!;

        var body = JsonElement.Parse(row.Body);
        Assert.Equal(
            ["duration_ms", "event_id", "msg_type", "namespace", "outcome", "reason", "request_id", "request_type", "sender", "settlement_id"],
            body.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        var reason = body.GetProperty("reason").GetString()!;
        Assert.StartsWith(@"a\u000D\u000Ab\u001B[1m\u202Ec\u2028xx", reason, StringComparison.Ordinal);
        Assert.EndsWith("x...", reason, StringComparison.Ordinal);
        Assert.Equal(300, reason.Length);
        Assert.Equal(("/topic/epicprod.ops.settled", false, 601_000L), (row.Destination, row.Persistent, row.ExpiresAt!.Value));
    }

    [Fact]
    public void A_settlement_says_all_that_is_known()
    {
        var row = Composer.Compose(
            new Settlement
            {
                RequestId = "r",
                RequestType = "t",
                Outcome = Outcome.Timeout,
                DuplicateOf = "d",
                RetryOf = "o",
                DurationMs = 5,
                Survivors = 0,
                RequestedBy = "w",
                Suppressed = 3,
            },
            1)!;

        var body = JsonElement.Parse(row.Body);
        Assert.Equal(("d", "o", "w"), (Text("duplicate_of"), Text("retry_of"), Text("requested_by")));
        Assert.Equal((0, 3, 5), (Number("survivors"), Number("suppressed"), Number("duration_ms")));

        string? Text(string name) => body.GetProperty(name).GetString();
        int Number(string name) => body.GetProperty(name).GetInt32();
    }

    [Fact]
    public void No_settled_topic_means_no_settlements()
    {
        _options.SettledTopic = "";
        Assert.Null(Composer.Compose(new Settlement { RequestId = "r", RequestType = "t", Outcome = Outcome.Ok }, 1));
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("plain", "plain")]
    [InlineData("ab😀", "ab")]
    [InlineData(" a\u0085b\n", @"a\u0085b")]
    [InlineData("a\u202eb\u2028c", @"a\u202Eb\u2028c")]
    public void A_line_is_cut_between_characters(string? text, string line) =>
        Assert.Equal(line, OneLine.Of(text, text?.Contains("😀", StringComparison.Ordinal) == true ? 3 : 100));
}
