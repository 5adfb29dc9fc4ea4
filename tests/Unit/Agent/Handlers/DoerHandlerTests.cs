using System.Text.Json;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Handlers;
using OpsAgent.Tests.Unit.Capabilities;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Handlers;

public sealed class DoerHandlerTests : IDisposable
{
    private const string Keys = """
        doer = ["act", "--id={id}"]
        timeout = "90s"
        timeout_reason = "acting timed out after {timeout_s}s"
        dedup_key = "act:{id}"
        exit_codes = { 7 = "unrecorded", timeout = "TIMEOUT" }
        failure_marker = "{tmp}/acts/{id}/.error"
        [capability.act.fields]
        id = { type = "id", required = true }
        lfn = { type = "file_name", required = true }
        [[capability.act.on.ok]]
        msg_type = "acted"
        id = "{id}"
        [[capability.act.on.error]]
        msg_type = "act_failed"
        id = "{id}"
        reason = "{reason}"
        attempts = "{attempts}"
        [capability.act.on]
        unrecorded = []
        unknown = []
        """;

    private const string WithRecord = Keys + """

        [capability.act.record]
        action = "act_done"
        subject_type = "thing"
        subject_key = "{id}"
        sublevel = "high"
        live_default = true
        extra = { file = "{lfn}", took = "{duration_ms}" }
        """;

    private const string Body = """{"id": 5, "lfn": "a.tgz"}""";

    private readonly ScratchArea _area = new();

    public void Dispose() => _area.Dispose();

    [Fact]
    public void A_valid_request_is_work_and_the_same_work_each_time()
    {
        var handler = Handler();

        var first = Assert.IsType<Verdict.Work>(handler.Handle(Message(Body))).Request;
        var second = Assert.IsType<Verdict.Work>(handler.Handle(Message(Body))).Request;

        Assert.Equal(new MsgType("act"), handler.MsgType);
        Assert.Equal(new DedupKey("act:5"), first.DedupKey);
        Assert.Equal(["--id=5"], Assert.IsType<DoerPlan>(first.Plan).Arguments);
        Assert.Equal(first.DedupKey, second.DedupKey);
        Assert.Equal(((DoerPlan)first.Plan).Arguments, ((DoerPlan)second.Plan).Arguments);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_area.Root));
    }

    [Fact]
    public void A_request_with_wrong_fields_is_refused_naming_each()
    {
        var refused = Assert.IsType<Verdict.Refused>(Handler().Handle(Message("""{"id": "../x"}""")));

        Assert.Equal("id must be 1 to 19 digits; lfn is required", refused.Reason);
    }

    [Fact]
    public async Task A_success_is_told_and_leaves_no_marker()
    {
        var conclusion = await Conclude(Manifests.Ok());

        AssertConclusion(conclusion, Outcome.Ok, "", """acted {"id":"5"}""");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_area.Root));
    }

    [Fact]
    public async Task Each_failure_of_a_doer_counts()
    {
        await Conclude(Manifests.Exit(1, "ERROR: one"));
        var conclusion = await Conclude(Manifests.Exit(1, "ERROR: two"));

        AssertConclusion(conclusion, Outcome.Error, "ERROR: two", """act_failed {"id":"5","reason":"ERROR: two","attempts":2}""");
        AssertMarker(2, "ERROR: two");
    }

    [Fact]
    public async Task A_timeout_is_told_in_the_capabilitys_words()
    {
        var conclusion = await Conclude(Manifests.TimedOut(90));

        AssertConclusion(
            conclusion,
            Outcome.Timeout,
            "acting timed out after 90s",
            """act_failed {"id":"5","reason":"acting timed out after 90s","attempts":1}""");
        AssertMarker(1, "acting timed out after 90s");
    }

    [Fact]
    public async Task A_doer_that_could_not_be_started_is_no_attempt()
    {
        var conclusion = await Conclude(new RunResult { Outcome = Outcome.Error, Reason = "no such program" });

        AssertConclusion(
            conclusion, Outcome.Error, "no such program", """act_failed {"id":"5","reason":"no such program","attempts":0}""");
        AssertMarker(0, "no such program");
    }

    [Fact]
    public async Task A_refusal_and_a_cancellation_are_told_but_are_no_attempts()
    {
        await Conclude(Manifests.Exit(1, "ERROR: one"));

        var refused = await Conclude(RunResult.NotRun(Outcome.Rejected, "expired after 61 min"));
        AssertConclusion(
            refused, Outcome.Rejected, "expired after 61 min", """act_failed {"id":"5","reason":"not run: expired after 61 min","attempts":1}""");
        AssertMarker(1, "not run: expired after 61 min");

        var cancelled = await Conclude(new RunResult { Outcome = Outcome.Cancelled, Reason = "cancelled by wen", Ran = true });
        AssertConclusion(
            cancelled, Outcome.Cancelled, "cancelled by wen", """act_failed {"id":"5","reason":"cancelled by wen","attempts":1}""");
        AssertMarker(1, "cancelled by wen");
    }

    [Fact]
    public async Task A_refusal_whose_subject_is_valid_is_told_though_another_field_is_not()
    {
        var conclusion = await Conclude(RunResult.NotRun(Outcome.Rejected, "lfn is required"), """{"id": 5}""");

        AssertConclusion(
            conclusion, Outcome.Rejected, "lfn is required", """act_failed {"id":"5","reason":"not run: lfn is required","attempts":0}""");
        AssertMarker(0, "not run: lfn is required");
    }

    [Theory]
    [InlineData("""{"id": "../../x", "lfn": "a"}""")]
    [InlineData("""{"lfn": "a"}""")]
    [InlineData("""{"id": true}""")]
    public async Task A_refusal_without_a_valid_subject_is_settled_in_silence(string body)
    {
        var conclusion = await Conclude(RunResult.NotRun(Outcome.Rejected, "id must be 1 to 19 digits"), body);

        Assert.Equal(Outcome.Rejected, conclusion.Outcome);
        Assert.Empty(conclusion.Events);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_area.Root));
    }

    [Theory]
    [InlineData(Outcome.Skipped)]
    [InlineData(Outcome.Unrecorded)]
    [InlineData(Outcome.Unknown)]
    [InlineData(Outcome.Unverified)]
    public async Task Other_outcomes_leave_the_marker_alone(Outcome outcome)
    {
        _area.Put("acts/5/.error", "as it was");

        var conclusion = await Conclude(new RunResult { Outcome = outcome, Reason = "why", Ran = outcome != Outcome.Skipped });

        Assert.Equal(outcome, conclusion.Outcome);
        Assert.Empty(conclusion.Events);
        Assert.Equal("as it was", _area.Text("acts/5/.error"));
    }

    [Fact]
    public async Task A_timeout_that_means_doubt_leaves_no_marker()
    {
        var conclusion = await Conclude(Manifests.TimedOut(90), Body, "unknown");

        Assert.Equal(Outcome.Unknown, conclusion.Outcome);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_area.Root));
    }

    [Fact]
    public async Task A_marker_that_can_not_be_written_does_not_stop_the_settlement()
    {
        _area.Put("acts", "a file where a folder belongs");

        var conclusion = await Conclude(Manifests.Exit(1, "ERROR: one"));

        AssertConclusion(conclusion, Outcome.Error, "ERROR: one", """act_failed {"id":"5","reason":"ERROR: one","attempts":1}""");
        Assert.Single(_area.Log.Lines);
    }

    [Fact]
    public async Task A_settlements_reason_is_short()
    {
        var conclusion = await Conclude(Manifests.Exit(1, new string('x', 1000)));

        Assert.Equal(300, conclusion.Reason.Length);
    }

    private static OpsMessage Message(string body) => new()
    {
        MsgType = new MsgType("act"),
        RequestId = new RequestId("r-1"),
        Body = Manifests.Json(body),
        ReceivedAt = DateTimeOffset.UnixEpoch,
    };

    [Theory]
    [InlineData(Outcome.Ok, "", null)]
    [InlineData(Outcome.Error, "ERROR: two", null)]
    [InlineData(Outcome.Timeout, "timed out after 90s", "timed out after 90s")]
    public async Task The_record_names_subject_and_extras_and_the_runners_own_words_of_a_timeout(Outcome outcome, string reason, string? own)
    {
        var result = new RunResult { Outcome = outcome, Reason = reason, Ran = true, Duration = TimeSpan.FromSeconds(90) };
        var record = (await Handler(keys: WithRecord).ConcludeAsync(Message(Body), result, CancellationToken.None)).Record!;

        Assert.Equal(("act_done", "thing", "5", "high", true, own), (record.Action, record.SubjectType, record.SubjectKey, record.Sublevel, record.LiveDefault, record.Reason));
        Assert.Equal("""{"file":"a.tgz","took":90000}""", record.Extra.ToJsonString());
    }

    [Fact]
    public async Task A_refusal_whose_subject_is_not_valid_has_no_record()
    {
        var rejected = RunResult.NotRun(Outcome.Rejected, "wrong");
        Assert.Null((await Handler(keys: WithRecord).ConcludeAsync(Message("""{"id": "../x", "lfn": "a.tgz"}"""), rejected, CancellationToken.None)).Record);
        var record = (await Handler(keys: WithRecord).ConcludeAsync(Message("""{"id": 5, "lfn": "../x"}"""), rejected, CancellationToken.None)).Record!;
        Assert.Equal("""{"took":0}""", record.Extra.ToJsonString());
    }

    [Theory]
    [InlineData("username = \"{lfn}\"\n", "a.tgz")]
    [InlineData("username = \"{by}\"\n", null)]
    [InlineData("username = \"\"\n", "")]
    [InlineData("", null)]
    public async Task The_record_s_user_is_the_template_s_nobody_if_that_is_empty_and_else_left_to_the_message(string key, string? user)
    {
        var keys = Keys.Replace("[[capability.act.on.ok]]", "by = { type = \"text\", max = 9 }\n[[capability.act.on.ok]]", StringComparison.Ordinal);
        var handler = Handler(keys: $"{keys}\n[capability.act.record]\naction = \"act_done\"\n{key}");
        Assert.Equal(user, (await handler.ConcludeAsync(Message(Body), Manifests.Ok(), CancellationToken.None)).Record!.Username);
    }

    [Fact]
    public async Task What_is_held_is_told_by_its_marker_without_an_attempt_and_has_a_record()
    {
        await Conclude(Manifests.Exit(1, "ERROR: gone"));

        var record = await Handler(keys: WithRecord).HeldAsync(Message(Body), "credential proxy (it expired)", CancellationToken.None);

        AssertMarker(1, "held: credential proxy (it expired)");
        Assert.Equal(("act_done", "5"), (record!.Action, record.SubjectKey));
    }

    private static void AssertConclusion(Conclusion conclusion, Outcome outcome, string reason, string told)
    {
        Assert.Equal((outcome, reason), (conclusion.Outcome, conclusion.Reason));
        Assert.Equal([told], conclusion.Events.Select(static e => $"{e.MsgType} {e.Fields.ToJsonString()}"));
    }

    private DoerHandler Handler(string afterTimeout = "timeout", string keys = Keys) =>
        new(Manifests.Act(keys.Replace("TIMEOUT", afterTimeout, StringComparison.Ordinal)), _area.Markers);

    private async Task<Conclusion> Conclude(RunResult result, string body = Body, string afterTimeout = "timeout") =>
        await Handler(afterTimeout).ConcludeAsync(Message(body), result, CancellationToken.None);

    private void AssertMarker(int attempts, string lastError)
    {
        using var document = JsonDocument.Parse(_area.Text("acts/5/.error"));
        Assert.Equal(attempts, document.RootElement.GetProperty("attempts").GetInt32());
        Assert.Equal(lastError, document.RootElement.GetProperty("last_error").GetString());
    }
}
