using System.Text.Json;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Monitor;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Unit.Agent.Control;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

/// <summary>opsctl against a real door on a real socket.</summary>
public sealed class DoorCommandTests : IAsyncLifetime
{
    private readonly DoorFixture _door = new();
    private readonly OpsCtlRun _run = new();

    public async Task InitializeAsync()
    {
        await _door.OpenAsync();
        _run.Environment["OPSAGENT_STATE_DIR"] = _door.Folder.FullName;
        _run.Time = _door.Time;
    }

    public Task DisposeAsync() => _door.CloseAsync();

    [Fact]
    public async Task Status_is_read_through_the_door()
    {
        _door.Work.Counts = new WorkCounts(3, 2, 1, Moments.Start);
        _door.Work.Lanes = [new LaneCounts(new LaneName("fetch"), 4, 3, 2, Moments.Start)];

        Assert.Equal(1, await _run.RunAsync("status"));

        Assert.Contains("health\tDEGRADED: 1 in doubt: opsctl work list --state doubt", _run.Lines);
        Assert.Contains("agent\tprodops-agent-test-7 (pid 4711, version 0.1.0)", _run.Lines);
        Assert.Contains("state\tREADY", _run.Lines);
        Assert.Contains("work\t3 queued, oldest 60 s, 2 running, 1 in doubt", _run.Lines);
        Assert.Contains("lane fetch\t2 of 4 slots run, 3 queued, oldest 60 s", _run.Lines);
        Assert.Contains("outbox\tempty", _run.Lines);
        Assert.Contains("ledger\tok", _run.Lines);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    public async Task What_is_no_request_id_is_a_mistake_of_the_command_line(string id)
    {
        Assert.Equal(64, await _run.RunAsync("work", "show", id));
        Assert.Equal(64, await _run.RunAsync("work", "cancel", id));
    }

    [Theory]
    [InlineData(4, 0, 0)]
    [InlineData(0, 6, 0)]
    [InlineData(0, 0, 1)]
    public async Task Status_tells_of_events_that_were_dropped_and_is_degraded_for_an_hour(long expired, long crowdedOut, long refused)
    {
        _door.Agent.Now = _door.Agent.Now with
        {
            OutboxExpired = expired, OutboxCrowdedOut = crowdedOut, OutboxRefused = refused, OutboxSinceDropped = TimeSpan.FromMinutes(59),
        };

        Assert.Equal(1, await _run.RunAsync("status"));

        Assert.Contains(
            $"outbox\tempty; DROPPED since the start: {expired} too old, {crowdedOut} for want of room, {refused} refused by the broker", _run.Lines);
        Assert.Contains(
            $"health\tDEGRADED: {expired + crowdedOut + refused} events dropped, the last 3540 s ago: "
            + $"{refused} refused by the broker, {expired} too old, {crowdedOut} for want of room",
            _run.Lines);
        _door.Agent.Now = _door.Agent.Now with { OutboxSinceDropped = TimeSpan.FromMinutes(60) };
        Assert.Equal(0, await _run.RunAsync("status"));
    }

    [Fact]
    public async Task Status_tells_of_credentials_and_of_the_last_error()
    {
        _door.Agent.Now = _door.Agent.Now with
        {
            Credentials = [new("rucio_proxy", "/p", "ok", 99.5), new("evgen", "/e", "expiring", 2.5), new("panda_oidc_token", "/t", "missing", null)],
            LastError = new(Moments.Start, "it failed"),
        };

        Assert.Equal(1, await _run.RunAsync("status"));

        Assert.Contains("health\tDEGRADED: credential evgen ends in 2.5 days; credential panda_oidc_token is missing", _run.Lines);
        Assert.Contains("credential rucio_proxy\t99.5 days left", _run.Lines);
        Assert.Contains("credential evgen\tENDS in 2.5 days: /e", _run.Lines);
        Assert.Contains("credential panda_oidc_token\tMISSING: /t", _run.Lines);
        Assert.Contains("last error\t2026-08-05T12:00:00Z it failed", _run.Lines);
    }

    [Fact]
    public async Task Status_of_an_agent_that_is_well_is_ok_and_0()
    {
        Assert.Equal(0, await _run.RunAsync("status"));
        Assert.Equal("health\tok", _run.Lines[0]);
    }

    [Fact]
    public async Task Status_says_that_there_is_no_monitor()
    {
        Assert.Equal(0, await _run.RunAsync("status"));

        Assert.Contains("monitor\toff: SWF_MONITOR_URL is not set", _run.Lines);
        Assert.DoesNotContain(_run.Lines, static l => l.StartsWith("records", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Status_tells_of_the_monitor_and_of_what_it_did_not_take()
    {
        _door.Agent.Now = _door.Agent.Now with
        {
            Monitor = new MonitorState
            {
                Url = "https://m/swf-monitor",
                StreamsUrl = "https://m/swf-monitor",
                HeartbeatAt = Moments.Start,
                LastError = "https://m/swf-monitor answers 500",
                Records = 2,
                RecordsOldestAt = Moments.Start,
                RecordsDropped = 5,
            },
        };

        Assert.Equal(1, await _run.RunAsync("status"));

        Assert.Contains("monitor\thttps://m/swf-monitor, heartbeat taken 60 s ago; https://m/swf-monitor answers 500", _run.Lines);
        Assert.Contains(
            "records\t2 wait, oldest 60 s; since the start 0 REFUSED, 5 DROPPED for want of room, 0 log lines dropped", _run.Lines);
    }

    [Fact]
    public async Task Status_as_json_is_the_doors_own_document()
    {
        _door.Work.Counts = new WorkCounts(3, 2, 1, null);
        _door.Work.Lanes = [new LaneCounts(new LaneName("fetch"), 4, 3, 2, Moments.Start)];

        Assert.Equal(1, await _run.RunAsync("status", "-o", "json"));

        var (_, body) = await _door.GetAsync("/v1/status");
        Assert.True(JsonElement.DeepEquals(body, _run.Json), _run.Out);
    }

    [Fact]
    public async Task A_list_in_a_pipe_is_one_tab_separated_line_a_request()
    {
        _door.Work.Rows.AddRange([
            Moments.Row("a") with { RequestedBy = "alice" },
            Moments.Row("b", "settled") with { Outcome = Outcome.Error, Reason = "two\nlines\there" },
            Moments.Row("c") with { MsgType = new MsgType("submit_task") },
        ]);

        Assert.Equal(0, await _run.RunAsync("work", "list", "--type", "fetch_payload_log"));

        Assert.Equal(
            [
                "a\tfetch_payload_log\tqueued\t-\t60 s\talice\t",
                "b\tfetch_payload_log\tsettled\terror\t60 s\t-\ttwo\\u000alines\\u0009here",
            ],
            _run.Lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_list_on_a_terminal_has_a_head_and_no_colors_with_NO_COLOR()
    {
        _door.Work.Rows.Add(Moments.Row("a"));
        _run.OnTerminal();

        Assert.Equal(0, await _run.RunAsync("work", "list"));

        Assert.Equal("REQUEST  TYPE               STATE   OUTCOME   AGE  BY  REASON", _run.Lines[0]);
        Assert.Equal("a        fetch_payload_log  queued  -        60 s  -", _run.Lines[1]);
        Assert.DoesNotContain('\u001b', _run.Out);
    }

    [Fact]
    public async Task A_list_as_json_says_that_the_agent_told_it()
    {
        _door.Work.Rows.Add(Moments.Row("a"));

        Assert.Equal(0, await _run.RunAsync("work", "list", "-o", "json"));

        Assert.Equal("agent", _run.Json.GetProperty("source").GetString());
        Assert.Equal("a", _run.Json.GetProperty("work")[0].GetProperty("request_id").GetString());
    }

    [Fact]
    public async Task Show_and_why_tell_of_one_request()
    {
        _door.Work.Rows.Add(Moments.Row("a", "settled") with { Outcome = Outcome.Skipped, DuplicateOf = "r0", Body = "{}" });

        Assert.Equal(0, await _run.RunAsync("work", "show", "a"));
        Assert.Contains("duplicate_of\tr0", _run.Lines);
        Assert.Equal(0, await _run.RunAsync("work", "why", "a"));
        Assert.Contains("fetch_payload_log a: skipped as a duplicate of r0, whose events serve both", _run.Lines);
    }

    [Fact]
    public async Task Cancel_says_what_came_of_it()
    {
        _door.Work.Rows.Add(Moments.Row("a"));

        Assert.Equal(0, await _run.RunAsync("work", "cancel", "a"));
        Assert.Equal("a: cancelled", Assert.Single(_run.Lines));
        Assert.Equal(new RequestId("a"), Assert.Single(_door.Work.Cancels).Id);

        _door.Work.Answer = CancelAnswer.AlreadySettled;
        Assert.Equal(1, await _run.RunAsync("work", "cancel", "a"));
        Assert.Contains("had ended already", _run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('x')]
    [InlineData('é')]
    [InlineData('粒')]
    public async Task A_settle_takes_texts_of_full_length(char letter)
    {
        var text = new string(letter, 4096);

        Assert.Equal(0, await _run.RunAsync("work", "settle", "a", "--as", "ok", "--result", text, "--reason", text));

        Assert.Equal($"settle a Ok '{text}' '{text}' {Environment.UserName}", Assert.Single(_door.Decisions.Asked));
    }

    [Fact]
    public async Task A_settle_with_a_longer_text_is_refused()
    {
        Assert.Equal(64, await _run.RunAsync("work", "settle", "a", "--as", "ok", "--reason", new string('é', 4097)));
        Assert.Contains("at most 4096 characters", _run.Error, StringComparison.Ordinal);
        Assert.Empty(_door.Decisions.Asked);
    }

    [Fact]
    public async Task A_settle_without_texts_says_how_it_ended()
    {
        Assert.Equal(0, await _run.RunAsync("work", "settle", "a", "--as", "error"));
        Assert.Equal($"settle a Error '' '' {Environment.UserName}", Assert.Single(_door.Decisions.Asked));
    }

    [Fact]
    public async Task A_cancel_of_what_waits_to_be_recovered_says_so()
    {
        _door.Work.Rows.Add(Moments.Row("a", "running"));
        _door.Work.Answer = CancelAnswer.Unrecovered;

        Assert.Equal(1, await _run.RunAsync("work", "cancel", "a"));
        Assert.Contains("a waits to be recovered", _run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "work", "show", "absent")]
    [InlineData(1, "work", "why", "absent")]
    [InlineData(1, "work", "cancel", "absent")]
    [InlineData(64, "work", "show", "no id")]
    [InlineData(64, "work", "show", "../status")]
    public async Task An_answer_that_is_no_has_its_exit_code_and_advice(int code, params string[] arguments)
    {
        Assert.Equal(code, await _run.RunAsync(arguments));
        Assert.Equal(2, _run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task A_failure_in_the_agent_exits_with_69()
    {
        _door.Work.Hang = Task.FromException(new InvalidOperationException("database is locked"));

        Assert.Equal(69, await _run.RunAsync("work", "list"));
        Assert.Contains("database is locked", _run.Error, StringComparison.Ordinal);
    }
}
