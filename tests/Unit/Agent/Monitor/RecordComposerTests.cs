using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Monitor;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Monitor;

public sealed class RecordComposerTests
{
    private static readonly ActionRecord Fetch = new()
    {
        Action = "payload_log_fetch",
        SubjectType = "panda_job",
        SubjectKey = "34",
        Extra = new JsonObject { ["jeditaskid"] = "12", ["outcome"] = "forged" },
    };

    private readonly FakeTime _time = new(new DateTimeOffset(2026, 8, 5, 12, 0, 0, TimeSpan.Zero));
    private readonly RecordGauge _gauge;
    private readonly RecordComposer _composer;

    public RecordComposerTests()
    {
        _gauge = new RecordGauge(_time, NullLogger<RecordGauge>.Instance);
        _composer = new RecordComposer(FakeMonitor.Options, _gauge, _time);
    }

    [Fact]
    public void A_record_has_the_facilitys_fields_and_no_others()
    {
        var row = Compose(Outcome.Error, "ERROR: no replica", TimeSpan.FromMilliseconds(1234.5))!;
        var body = Body(row);

        Assert.Equal(("POST", "/api/logs/", false), (row.Method, row.Url, row.Keep));
        const string expected = """
            {"app_name":"epicprod","instance_name":"ops-agent","timestamp":"2026-08-05T12:00:00.000000+00:00","level":40,
             "levelname":"ERROR","message":"payload_log_fetch panda_job:34 error — ERROR: no replica","module":"epicprod_ops_agent",
             "funcname":"payload_log_fetch","lineno":0,"process":0,"thread":0,
             "extra_data":{"action":"payload_log_fetch","outcome":"error","sublevel":"normal","live_default":false,
              "subject_type":"panda_job","subject_key":"34","username":"wenaus","duration_ms":1234,"reason":"ERROR: no replica",
              "jeditaskid":"12"}}
            """;
        (body["process"], body["thread"]) = (0, 0);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), body), body.ToJsonString());
        Assert.All(row.Body, b => Assert.InRange(b, 0x20, 0x7e));
    }

    [Theory]
    [InlineData(Outcome.Ok, "INFO")]
    [InlineData(Outcome.Error, "ERROR")]
    [InlineData(Outcome.Timeout, "ERROR")]
    [InlineData(Outcome.Unrecorded, "ERROR")]
    [InlineData(Outcome.Unknown, "ERROR")]
    [InlineData(Outcome.Unverified, "WARNING")]
    [InlineData(Outcome.Cancelled, "WARNING")]
    [InlineData(Outcome.Rejected, "WARNING")]
    public void The_level_follows_the_outcome(Outcome outcome, string level)
    {
        Assert.Equal(level, (string?)Body(Compose(outcome, "r", null)!)["levelname"]);
    }

    [Fact]
    public void What_is_not_known_is_left_out()
    {
        var message = Message() with { RequestedBy = null };
        var record = new ActionRecord { Action = "rucio_sweep", Sublevel = "high", LiveDefault = true };
        var row = _composer.Compose(message, new Conclusion(Outcome.Ok, "", []) { Record = record }, null)!;

        Assert.Equal("rucio_sweep ok", (string?)Body(row)["message"]);
        Assert.Equal(
            """{"action":"rucio_sweep","outcome":"ok","sublevel":"high","live_default":true}""", Body(row)["extra_data"]!.ToJsonString());
        Assert.True(row.Keep);
    }

    [Fact]
    public void The_records_own_user_and_reason_win_over_the_requests()
    {
        var own = Fetch with { Username = "owner", Reason = "timed out after 180s" };
        var extra = Body(_composer.Compose(Message(), new Conclusion(Outcome.Timeout, "fetch timed out", []) { Record = own }, null)!)["extra_data"]!;
        Assert.Equal(("owner", "timed out after 180s"), ((string?)extra["username"], (string?)extra["reason"]));
    }

    [Theory]
    [InlineData(null, "wenaus")]
    [InlineData("", null)]
    public void A_record_without_a_user_of_its_own_names_the_requests_and_one_that_wants_none_names_none(string? own, string? named)
    {
        var record = Fetch with { Username = own };
        var extra = Body(_composer.Compose(Message(), new Conclusion(Outcome.Ok, "", []) { Record = record }, null)!)["extra_data"]!;
        Assert.Equal(named, (string?)extra["username"]);
    }

    [Fact]
    public void A_reason_is_one_line_of_at_most_300_characters()
    {
        var reason = (string)Body(Compose(Outcome.Error, new string('x', 400) + "\n\0", null)!)["extra_data"]!["reason"]!;
        Assert.Equal(300, reason.Length);
        Assert.DoesNotContain('\n', reason);
    }

    [Fact]
    public void The_same_rejection_has_one_record_a_minute_and_the_rest_is_counted()
    {
        Assert.NotNull(Compose(Outcome.Rejected, "queue full", null));
        Assert.Null(Compose(Outcome.Rejected, "queue full", null));
        Assert.NotNull(Compose(Outcome.Error, "queue full", null));
        Assert.Equal(1, _gauge.Withheld);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(Compose(Outcome.Rejected, "queue full", null));
    }

    [Fact]
    public void A_stop_over_the_bus_is_a_record_of_high_weight_without_subject_and_duration()
    {
        var row = _composer.ComposeShutdown("wenaus")!;
        var body = Body(row);
        Assert.Equal(("WARNING", "agent_shutdown ok", "agent_shutdown"), ((string?)body["levelname"], (string?)body["message"], (string?)body["funcname"]));
        Assert.Equal(
            """{"action":"agent_shutdown","outcome":"ok","sublevel":"high","live_default":true,"username":"wenaus"}""",
            body["extra_data"]!.ToJsonString());
        Assert.True(row.Keep);
    }

    [Fact]
    public void Nothing_is_composed_without_a_monitor_or_without_a_record()
    {
        var off = new RecordComposer(MonitorOptions.Off, _gauge, _time);
        Assert.Null(off.Compose(Message(), new Conclusion(Outcome.Ok, "", []) { Record = Fetch }, null));
        Assert.Null(off.ComposeShutdown("x"));
        Assert.Null(_composer.Compose(Message(), new Conclusion(Outcome.Ok, "", []), null));
    }

    private static OpsMessage Message() => new()
    {
        MsgType = new MsgType("fetch_payload_log"),
        RequestId = new RequestId("r-1"),
        Body = JsonElement.Parse("{}"),
        ReceivedAt = DateTimeOffset.UnixEpoch,
        RequestedBy = "wenaus",
    };

    private static JsonObject Body(RestRow row) => JsonNode.Parse(row.Body)!.AsObject();

    private RestRow? Compose(Outcome outcome, string reason, TimeSpan? duration) =>
        _composer.Compose(Message(), new Conclusion(outcome, reason, []) { Record = Fetch }, duration);
}
