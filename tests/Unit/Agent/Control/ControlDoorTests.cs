using System.Net;
using System.Text.Json;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Control;
using OpsAgent.Agent.Monitor;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Holds;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Control;

public sealed class ControlDoorTests : IAsyncLifetime
{
    private readonly DoorFixture _door = new();

    public Task InitializeAsync() => _door.OpenAsync();

    public Task DisposeAsync() => _door.CloseAsync();

    [Fact]
    public async Task Status_tells_agent_broker_work_lanes_outbox_ledger_and_monitor()
    {
        _door.Work.Counts = new WorkCounts(3, 2, 1, Moments.Start + TimeSpan.FromSeconds(48));
        _door.Work.Lanes = [new LaneCounts(new LaneName("fetch"), 4, 3, 2, Moments.Start + TimeSpan.FromSeconds(48))];
        _door.Agent.Now = _door.Agent.Now with
        {
            OutboxDepth = 5,
            OutboxOldestAt = Moments.Start,
            OutboxExpired = 4,
            OutboxCrowdedOut = 6,
            OutboxRefused = 10,
            OutboxSinceDropped = TimeSpan.FromSeconds(2),
            LedgerLastError = "disk full",
            LedgerBytes = 3_000_000,
            LedgerMaxBytes = 2 << 20,
            LedgerLogBytes = 100 << 20,
            HeldDeliveries = 9,
            Dispatched = 11,
            RunLogLinesDropped = 8,
            Credentials = [new("c", "/p", "expiring", 2.5)],
            LastError = new(Moments.Start, "no"),
            Holds = [new HeldType(new MsgType("fetch_payload_log"), new LaneName("fetch"), HoldCause.Credential, "c is over", Moments.Start)],
            Paused = [new PausedType(new MsgType("submit_task"), "alice", 1000, Moments.Start, "PanDA is down")],
            Monitor = new MonitorState
            {
                Url = "https://monitor/swf-monitor",
                StreamsUrl = "https://monitor/swf-monitor",
                HeartbeatAt = Moments.Start,
                LastError = "slow",
                Records = 3,
                RecordsOldestAt = Moments.Start,
                RecordsRefused = 1,
                RecordsDropped = 2,
                LogsDropped = 7,
            },
        };
        _door.Bus.State = new BusState(false, "broker:61613", Moments.Start, "refused");

        var (status, body) = await _door.GetAsync("/v1/status");

        Assert.Equal(HttpStatusCode.OK, status);
        const string expected = """
            {"agent":"prodops-agent-test-7","pid":4711,"version":"0.1.0","state":"READY","started_at":"2026-08-05T12:00:00+00:00",
             "uptime_s":60,"namespace":"prodops","queue":"/queue/epicprod.ops",
             "broker":{"connected":false,"endpoint":"broker:61613","since":"2026-08-05T12:00:00+00:00","last_error":"refused","holding":""},
             "work":{"queued":3,"running":2,"in_doubt":1,"oldest_queued_s":12},
             "lanes":[{"name":"fetch","slots":4,"queued":3,"running":2,"oldest_queued_s":12}],
             "outbox":{"depth":5,"oldest_s":60,"expired":4,"crowded_out":6,"refused":10,"dropped_s":2},"ledger":{"last_error":"disk full","bytes":3000000,"max_bytes":2097152,"log_bytes":104857600},"held_deliveries":9,"dispatched":11,
             "monitor":{"url":"https://monitor/swf-monitor","streams_url":"https://monitor/swf-monitor","heartbeat_s":60,
              "last_error":"slow","records":3,"oldest_record_s":60,"records_refused":1,"records_dropped":2,"logs_dropped":7},
             "paused":[{"msg_type":"submit_task","by":"alice","since":"2026-08-05T12:00:00+00:00","reason":"PanDA is down"}],"run_log_lines_dropped":8,
             "credentials":[{"name":"c","path":"/p","status":"expiring","days_left":2.5}],
             "last_error":{"at":"2026-08-05T12:00:00+00:00","text":"no"},
             "degraded":["no broker at broker:61613: refused","the ledger fails: disk full","the ledger is full at 2 MiB: new work is rejected",
              "the ledger's log has 100 MiB: another program holds the file open (fuser ledger.db)",
              "1 in doubt: opsctl work list --state doubt",
              "20 events dropped, the last 2 s ago: 10 refused by the broker, 4 too old, 6 for want of room","submit_task is paused by alice","fetch_payload_log is held: c is over","monitor: slow","credential c ends in 2.5 days"],
             "holds":[{"msg_type":"fetch_payload_log","reason":"c is over","since":"2026-08-05T12:00:00+00:00"}]}
            """;
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, body), body.ToString());
    }

    [Fact]
    public async Task The_list_is_filtered_by_state_type_and_limit()
    {
        _door.Work.Rows.AddRange([
            Moments.Row("a"),
            Moments.Row("b", "running"),
            Moments.Row("c") with { MsgType = new MsgType("submit_task") },
            Moments.Row("d") with { ReceivedAt = Moments.Start + TimeSpan.FromSeconds(1) },
        ]);

        var (_, body) = await _door.GetAsync("/v1/work?state=queued&msg_type=fetch_payload_log&limit=1");

        Assert.Equal(["d"], body.GetProperty("work").EnumerateArray().Select(r => r.GetProperty("request_id").GetString()!));
    }

    [Theory]
    [InlineData("running")]
    [InlineData("starting")]
    public async Task What_had_begun_and_is_not_recovered_yet_is_not_said_to_run(string state)
    {
        _door.Work.Rows.Add(Moments.Row("a", state) with { Pid = 99, Attempts = 1 });
        _door.Work.Lost.Add("a");

        var (_, body) = await _door.GetAsync("/v1/work/a/why");

        Assert.Equal(
            $"was {state} when the agent lost it; it waits to be recovered, which is tried each minute, attempt 1",
            body.GetProperty("cause").GetString());
    }

    [Theory]
    [InlineData("/v1/work?state=asleep")]
    [InlineData("/v1/work?limit=0")]
    [InlineData("/v1/work?limit=1001")]
    [InlineData("/v1/work?limit=many")]
    [InlineData("/v1/work/no%20id")]
    public async Task A_request_that_makes_no_sense_is_answered_with_400_and_advice(string path)
    {
        var (status, body) = await _door.GetAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.NotEmpty(body.GetProperty("error").GetString()!);
        Assert.NotEmpty(body.GetProperty("advice").GetString()!);
    }

    [Theory]
    [InlineData("/v1/work/absent")]
    [InlineData("/v1/work/absent/why")]
    [InlineData("/v1/metrics")]
    [InlineData("/")]
    public async Task What_is_not_there_is_answered_with_404_and_advice(string path)
    {
        var (status, body) = await _door.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.NotEmpty(body.GetProperty("advice").GetString()!);
    }

    [Fact]
    public async Task One_request_is_shown_with_its_body()
    {
        _door.Work.Rows.Add(Moments.Row("a", "settled") with { Outcome = Outcome.Timeout, ExitCode = 137, Body = """{"x":1}""" });

        var (_, body) = await _door.GetAsync("/v1/work/a");

        Assert.Equal("timeout", body.GetProperty("outcome").GetString());
        Assert.Equal(137, body.GetProperty("exit_code").GetInt32());
        Assert.Equal("""{"x":1}""", body.GetProperty("body").GetString());
        Assert.False(body.TryGetProperty("pid", out _));
    }

    [Fact]
    public async Task Why_counts_what_is_ahead_in_the_same_lane_only()
    {
        _door.Work.Lanes = [new LaneCounts(new LaneName("fetch"), 1, 2, 1, Moments.Start)];
        _door.Work.Rows.AddRange([
            Moments.Row("older") with { ReceivedAt = Moments.Start - TimeSpan.FromSeconds(5) },
            Moments.Row("elsewhere") with { ReceivedAt = Moments.Start - TimeSpan.FromSeconds(5), Lane = "submit" },
            Moments.Row("asked"),
        ]);

        var (_, body) = await _door.GetAsync("/v1/work/asked/why");

        Assert.Equal(
            "queued behind 1 running in lane fetch, which has 1 slots and 1 queued before it", body.GetProperty("cause").GetString());
        Assert.NotEmpty(body.GetProperty("evidence").EnumerateArray());
    }

    [Fact]
    public async Task Why_a_request_is_not_there_is_told_as_far_as_it_is_known()
    {
        var (status, body) = await _door.GetAsync("/v1/work/nobody/why");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal(
            "the ledger has no request nobody: it has not arrived here, came without this id, or is older than what is kept",
            body.GetProperty("error").GetString());
        Assert.Contains("deliveries held until the ledger takes them", body.GetProperty("advice").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CancelAnswer.Cancelled, HttpStatusCode.OK)]
    [InlineData(CancelAnswer.AlreadySettled, HttpStatusCode.Conflict)]
    [InlineData(CancelAnswer.InDoubt, HttpStatusCode.OK)]
    [InlineData(CancelAnswer.Refused, HttpStatusCode.Conflict)]
    [InlineData(CancelAnswer.Doubtful, HttpStatusCode.Conflict)]
    [InlineData(CancelAnswer.Unrecovered, HttpStatusCode.Conflict)]
    internal async Task A_cancel_is_answered_by_what_came_of_it(CancelAnswer answer, HttpStatusCode expected)
    {
        _door.Work.Rows.Add(Moments.Row("a"));
        _door.Work.Answer = answer;

        var (status, _) = await _door.SendAsync(HttpMethod.Post, "/v1/work/a/cancel");

        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task A_cancel_carries_the_name_of_the_user_at_the_other_end()
    {
        _door.Work.Rows.Add(Moments.Row("a"));

        await _door.SendAsync(HttpMethod.Post, "/v1/work/a/cancel");

        Assert.Equal((new RequestId("a"), false, Environment.UserName), Assert.Single(_door.Work.Cancels));
    }

    [Fact]
    public async Task Decisions_carry_their_words_and_the_name_of_the_user_at_the_other_end()
    {
        _door.Work.Rows.Add(Moments.Row("a"));

        await _door.SendAsync(HttpMethod.Post, "/v1/work/a/cancel?force=true");
        using var finding = new StringContent("""{"result": "31337", "reason": "seen in PanDA"}""");
        var (settled, body) = await _door.SendAsync(HttpMethod.Post, "/v1/work/a/settle?as=ok", finding);
        var (retried, _) = await _door.SendAsync(HttpMethod.Post, "/v1/work/a/retry");

        Assert.Equal((new RequestId("a"), true, Environment.UserName), Assert.Single(_door.Work.Cancels));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, "ok"), (settled, retried, body.GetProperty("answer").GetString()));
        Assert.Equal([$"settle a Ok '31337' 'seen in PanDA' {Environment.UserName}", $"retry a {Environment.UserName}"], _door.Decisions.Asked);
    }

    [Theory]
    [InlineData("settle", HttpStatusCode.BadRequest)]
    [InlineData("settle?as=", HttpStatusCode.BadRequest)]
    [InlineData("settle?as=cancelled", HttpStatusCode.BadRequest)]
    [InlineData("settle?as=unknown", HttpStatusCode.BadRequest)]
    [InlineData("settle?as=error", HttpStatusCode.Conflict)]
    [InlineData("retry", HttpStatusCode.Conflict)]
    public async Task A_decision_that_can_not_be_carried_out_is_refused(string what, HttpStatusCode expected)
    {
        _door.Decisions.Answer = new Decision(DecisionKind.Refused, "not so");

        var (status, body) = await _door.SendAsync(HttpMethod.Post, $"/v1/work/a/{what}");

        Assert.Equal(expected, status);
        Assert.NotEmpty(body.GetProperty("error").GetString()!);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"result": 5}""")]
    public async Task A_settle_whose_body_can_not_be_read_changes_nothing(string text)
    {
        using var finding = new StringContent(text);

        var (status, _) = await _door.SendAsync(HttpMethod.Post, "/v1/work/a/settle?as=ok", finding);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Empty(_door.Decisions.Asked);
    }

    [Fact]
    public async Task Reading_a_cancel_changes_nothing()
    {
        _door.Work.Rows.Add(Moments.Row("a"));

        var (status, _) = await _door.GetAsync("/v1/work/a/cancel");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Empty(_door.Work.Cancels);
    }

    [Fact]
    public async Task The_configuration_is_shown_with_origins_and_without_secrets()
    {
        _door.Agent.Configuration =
        [
            new ConfigurationEntry("testbed.namespace", "prodops", "agents/prodops.toml:3"),
            new ConfigurationEntry("ACTIVEMQ_PASSWORD", "hunter2", "environment"),
        ];

        var (_, body) = await _door.GetAsync("/v1/config");

        Assert.DoesNotContain("hunter2", body.ToString(), StringComparison.Ordinal);
        Assert.Equal("agents/prodops.toml:3", body.GetProperty("entries")[0].GetProperty("origin").GetString());
    }

    [Fact]
    public async Task A_hanging_ledger_is_answered_with_503_and_the_next_request_is_served()
    {
        var hang = new TaskCompletionSource();
        _door.Work.Hang = hang.Task;

        var asked = _door.GetAsync("/v1/work");
        await Eventually.HoldsAsync(() => _door.Time.ArmedTimers > 0, "the request's limit is armed");
        _door.Time.Advance(TimeSpan.FromSeconds(10));
        var (status, _) = await asked;
        var (next, _) = await _door.GetAsync("/v1/status");
        hang.SetResult();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(HttpStatusCode.OK, next);
    }

    [Fact]
    public async Task A_cancel_waits_for_the_grace_of_its_doer()
    {
        var hang = new TaskCompletionSource();
        _door.Work.Rows.Add(Moments.Row("r1"));
        _door.Work.CancelHangs = hang.Task;

        var asked = _door.SendAsync(HttpMethod.Post, "/v1/work/r1/cancel");
        await Eventually.HoldsAsync(() => _door.Time.ArmedTimers > 0, "the request's limit is armed");
        _door.Time.Advance(TimeSpan.FromSeconds(60));
        hang.SetResult();
        var (status, _) = await asked;

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task A_ledger_that_can_not_store_a_change_is_named_and_that_the_change_comes()
    {
        _door.Work.Rows.Add(Moments.Row("r1"));
        _door.Work.CancelFails = new LedgerStalledException("database or disk is full");

        var (status, body) = await _door.SendAsync(HttpMethod.Post, "/v1/work/r1/cancel");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("the ledger has not stored it yet: database or disk is full", body.GetProperty("error").GetString());
        Assert.StartsWith("it is done once the ledger commits", body.GetProperty("advice").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_behind_the_door_is_answered_with_500()
    {
        _door.Work.Hang = Task.FromException(new InvalidOperationException("database is locked"));

        var (status, body) = await _door.GetAsync("/v1/work");

        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.Contains("database is locked", body.GetProperty("error").GetString(), StringComparison.Ordinal);
    }
}
