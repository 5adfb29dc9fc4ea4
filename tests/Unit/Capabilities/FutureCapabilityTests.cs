using OpsAgent.Abstractions;
using OpsAgent.Capabilities;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities;

/// <summary>The facility's other request types that the manifest's language must be able to say.</summary>
public sealed class FutureCapabilityTests
{
    internal const string Text = """
        [lane.submit]
        slots = 1
        [lane.sweep]
        slots = 2
        [credential.evgen_proxy]
        env = "EVGEN_X509_PROXY"

        [capability.submit_task]
        description = "submit one production task to PanDA"
        doer = ["submit-task", "--task-name={task_name}"]
        optional = { owner = "--owner={owner}" }
        timeout = { env = "EPICPROD_SUBMIT_TIMEOUT", default = "300s" }
        timeout_reason = "submission timed out after {timeout_s}s"
        lane = "submit"
        max_parallel = 1
        max_age = "15m"
        dedup_key = "submit:{task_name}"
        recovery = "report"
        on_drain = "finish"
        capture = "files"
        environment = ["SWF_MONITOR_URL", "PANDA_*"]
        exit_codes = { 7 = "unrecorded", 8 = "unknown", timeout = "unknown", signal = "unknown" }
        ok_needs = { stdout = "^[0-9]{1,19}$", otherwise = "unknown", reason = "exit {exit_code} without a JEDI id" }
        [capability.submit_task.fields]
        task_name = { type = "task_name", required = true }
        owner = { type = "text", max = 100 }
        [[capability.submit_task.on.ok]]
        msg_type = "prodtask_submitted"
        task_name = "{task_name}"
        jedi_task_id = "{stdout}"
        [[capability.submit_task.on.unrecorded]]
        msg_type = "prodtask_submit_unrecorded"
        task_name = "{task_name}"
        jedi_task_id = "{stdout}"
        reason = "{reason}"
        [[capability.submit_task.on.unknown]]
        msg_type = "prodtask_submit_unrecorded"
        task_name = "{task_name}"
        jedi_task_id = "unknown"
        reason = "not known whether PanDA took it: {reason}"
        [[capability.submit_task.on.error]]
        msg_type = "prodtask_submit_failed"
        task_name = "{task_name}"
        reason = "{reason}"
        [capability.submit_task.record]
        action = "task_submit"
        subject_type = "campaign_task"
        subject_key = "{task_name}"
        username = "{owner}"
        sublevel = "high"
        live_default = true
        extra = { jedi_task_id = "{stdout}" }

        [capability.submit_evgen_task]
        description = "submit one EVGEN task to PanDA"
        doer = ["submit-evgen-task", "--task-name={task_name}"]
        optional = { panda_tasks_id = "--panda-tasks-id={panda_tasks_id}", owner = "--owner={owner}" }
        timeout = "300s"
        lane = "submit"
        dedup_key = "submit:{task_name}"
        credentials = ["evgen_proxy"]
        failure_marker = "{tmp}/submit-evgen/{task_name:hash}/.error"
        [capability.submit_evgen_task.fields]
        task_name = { type = "task_name", required = true }
        panda_tasks_id = { type = "id" }
        owner = { type = "text", max = 100 }

        [capability.rucio_snapshot_update]
        description = "refresh the Rucio snapshots and match them"
        doer = ["rucio-snapshot"]
        timeout = { env = "EPICPROD_RUCIO_SNAPSHOT_TIMEOUT", default = "900s" }
        lane = "sweep"
        max_age = "6h"
        dedup_key = "rucio_snapshot_update"
        [capability.rucio_snapshot_update.fields]
        created_by = { type = "text", max = 100 }
        [[capability.rucio_snapshot_update.on.ok]]
        msg_type = "rucio_snapshot_ready"
        ok = true
        [[capability.rucio_snapshot_update.on.error]]
        msg_type = "rucio_snapshot_ready"
        ok = false
        error = "{reason}"
        [capability.rucio_snapshot_update.record]
        action = "rucio_sweep"
        username = "{created_by}"
        sublevel = "high"
        live_default = true

        [capability.catalog_import]
        description = "import a catalogue"
        doer = ["/opt/doers/catalog-import", "{source}"]
        timeout = "30m"
        lane = "sweep"
        dedup_key = "catalog_import:{source}"
        [capability.catalog_import.fields]
        source = { type = "enum", values = ["csv", "epic-prod"], required = true }
        created_by = { type = "text", max = 100 }
        [[capability.catalog_import.on.ok]]
        msg_type = "catalog_import_ready"
        source = "{source}"
        ok = true
        summary = "{last_line}"

        [capability.association_sweep]
        description = "sweep associations"
        doer = ["association-sweep", "--days={days}"]
        timeout = "600s"
        lane = "sweep"
        [capability.association_sweep.fields]
        days = { type = "int", min = 1, max = 365, default = 14 }

        [capability.questionnaire_automatch]
        description = "match questionnaires"
        doer = ["match-questionnaires", "--created-by={created_by}"]
        flags = { all = "--all" }
        timeout = "30m"
        lane = "sweep"
        [capability.questionnaire_automatch.fields]
        created_by = { type = "text", max = 100, default = "automatch" }
        all = { type = "flag" }

        [capability.refresh_system_status]
        description = "refresh the system's status"
        doer = ["refresh-system-status", "--source={source}"]
        optional = { selected = "--only={selected}" }
        timeout = "60s"
        lane = "sweep"
        dedup_key = "refresh_system_status:{selected:sorted}"
        [capability.refresh_system_status.fields]
        selected = { type = "list", max_items = 20, max = 60 }
        source = { type = "text", max = 60, default = "ops_agent" }
        """;

    private const string Submit = """{"task_name": "epic.26.02/DIS", "owner": "wen"}""";

    private static readonly Manifest All = Manifests.Valid(Text);

    [Fact]
    public void A_submission_is_never_started_twice_and_outlives_the_agent()
    {
        var (work, plan) = Work("submit_task", Submit);

        Assert.Equal(new DedupKey("submit:epic.26.02/DIS"), work.DedupKey);
        Assert.Equal((RecoveryPolicy.Report, DrainPolicy.Finish, 1), (work.Recovery, work.OnDrain, work.MaxParallel));
        Assert.Equal(["--task-name=epic.26.02/DIS", "--owner=wen"], plan.Arguments);
        Assert.Equal(CaptureMode.Files, plan.Capture);
        Assert.Equal([(7, Outcome.Unrecorded), (8, Outcome.Unknown)], plan.ExitCodes.Select(static e => (e.Key, e.Value)).Order());
    }

    [Fact]
    public void Both_ways_to_submit_share_a_key() =>
        Assert.Equal(Work("submit_task", Submit).Work.DedupKey, Work("submit_evgen_task", Submit).Work.DedupKey);

    [Fact]
    public void A_submission_with_its_id_is_told_with_the_id_as_text() => AssertEnds(
        Manifests.Ok(" 4711\n"), Outcome.Ok, """prodtask_submitted {"task_name":"epic.26.02/DIS","jedi_task_id":"4711"}""");

    [Theory]
    [InlineData("")]
    [InlineData("no id")]
    [InlineData("4711\n4712")]
    public void A_submission_without_an_id_is_in_doubt(string stdout) => AssertEnds(
        Manifests.Ok(stdout),
        Outcome.Unknown,
        """prodtask_submit_unrecorded {"task_name":"epic.26.02/DIS","jedi_task_id":"unknown","reason":"not known whether PanDA took it: exit 0 without a JEDI id"}""");

    [Fact]
    public void An_unrecorded_submission_keeps_its_id() => AssertEnds(
        Manifests.Exit(7, "no record", Outcome.Unrecorded, "4711\n"),
        Outcome.Unrecorded,
        """prodtask_submit_unrecorded {"task_name":"epic.26.02/DIS","jedi_task_id":"4711","reason":"no record"}""");

    [Fact]
    public void An_unrecorded_submission_without_an_id_is_in_doubt() => AssertEnds(
        Manifests.Exit(7, "no record", Outcome.Unrecorded),
        Outcome.Unknown,
        """prodtask_submit_unrecorded {"task_name":"epic.26.02/DIS","jedi_task_id":"unknown","reason":"not known whether PanDA took it: exit 7 without a JEDI id"}""");

    [Fact]
    public void A_submission_that_was_ended_is_in_doubt() => AssertEnds(
        Manifests.TimedOut(300),
        Outcome.Unknown,
        """prodtask_submit_unrecorded {"task_name":"epic.26.02/DIS","jedi_task_id":"unknown","reason":"not known whether PanDA took it: submission timed out after 300s"}""");

    [Fact]
    public void A_submission_that_a_signal_ended_is_in_doubt() => AssertEnds(
        new RunResult { Outcome = Outcome.Error, Ran = true, Signal = "SIGSEGV", Reason = "killed by signal SIGSEGV" },
        Outcome.Unknown,
        """prodtask_submit_unrecorded {"task_name":"epic.26.02/DIS","jedi_task_id":"unknown","reason":"not known whether PanDA took it: killed by signal SIGSEGV"}""");

    [Fact]
    public void A_submission_that_failed_frees_the_button() => AssertEnds(
        Manifests.Exit(3, "unknown task"), Outcome.Error, """prodtask_submit_failed {"task_name":"epic.26.02/DIS","reason":"unknown task"}""");

    [Fact]
    public void A_submission_that_never_started_is_no_doubt() => AssertEnds(
        RunResult.NotRun(Outcome.Rejected, "expired after 16 min"),
        Outcome.Rejected,
        """prodtask_submit_failed {"task_name":"epic.26.02/DIS","reason":"not run: expired after 16 min"}""");

    [Fact]
    public void Optional_arguments_come_in_the_order_of_the_file_and_only_when_their_field_is_there()
    {
        Assert.Equal(
            ["--task-name=a", "--panda-tasks-id=9", "--owner=-rf"],
            Work("submit_evgen_task", """{"task_name":"a","owner":"-rf","panda_tasks_id":9,"residual":true}""").Plan.Arguments);
        Assert.Equal(["--task-name=a"], Work("submit_evgen_task", """{"task_name":"a","owner":"","panda_tasks_id":0}""").Plan.Arguments);
    }

    [Fact]
    public void A_folder_for_a_task_is_named_by_a_hash()
    {
        var capability = All.Find("submit_evgen_task");
        var path = capability.MarkerPath(capability.ReadFields(Manifests.Json(Submit)).Values);

        Assert.Matches("^submit-evgen/[0-9a-f]{32}/[.]error$", path);
    }

    [Fact]
    public void A_refresh_tells_its_success_as_true()
    {
        var (_, events) = All.Find("rucio_snapshot_update").Conclude("{}", Manifests.Ok("anything"));

        Assert.Equal(["""rucio_snapshot_ready {"ok":true}"""], events);
        Assert.Empty(Work("rucio_snapshot_update", """{"created_by":"cron"}""").Plan.Arguments);
    }

    [Fact]
    public void A_refresh_tells_its_timeout_as_an_error()
    {
        var (outcome, events) = All.Find("rucio_snapshot_update").Conclude("{}", Manifests.TimedOut(900));

        Assert.Equal(Outcome.Timeout, outcome);
        Assert.Equal(["""rucio_snapshot_ready {"ok":false,"error":"timed out after 900s"}"""], events);
    }

    [Fact]
    public void An_import_takes_its_source_as_a_plain_argument_and_tells_its_last_line()
    {
        Assert.Equal(["epic-prod"], Work("catalog_import", """{"source":"epic-prod"}""").Plan.Arguments);

        var (_, events) = All.Find("catalog_import").Conclude("""{"source":"csv"}""", Manifests.Ok("first\n 12 rows \n\n"));
        Assert.Equal(["""catalog_import_ready {"source":"csv","ok":true,"summary":"12 rows"}"""], events);
    }

    [Theory]
    [InlineData("{}", "--days=14")]
    [InlineData("""{"days":0}""", "--days=14")]
    [InlineData("""{"days":"30"}""", "--days=30")]
    public void A_default_stands_for_what_is_missing(string body, string argument) =>
        Assert.Equal([argument], Work("association_sweep", body).Plan.Arguments);

    [Fact]
    public void A_list_becomes_one_argument_an_item_and_its_order_makes_no_other_work()
    {
        var (work, plan) = Work("refresh_system_status", """{"selected":["web","db"]}""");

        Assert.Equal(["--source=ops_agent", "--only=web", "--only=db"], plan.Arguments);
        Assert.Equal(new DedupKey("refresh_system_status:db,web"), work.DedupKey);
        Assert.Equal(work.DedupKey, Work("refresh_system_status", """{"selected":["db","web"]}""").Work.DedupKey);
        Assert.Equal(["--source=page"], Work("refresh_system_status", """{"selected":[],"source":"page"}""").Plan.Arguments);
    }

    private static (WorkRequest Work, DoerPlan Plan) Work(string type, string body)
    {
        var capability = All.Find(type);
        var reading = capability.ReadFields(Manifests.Json(body));
        Assert.Empty(reading.Errors);
        var work = capability.ToWork(reading.Values);
        return (work, Assert.IsType<DoerPlan>(work.Plan));
    }

    private static void AssertEnds(RunResult result, Outcome expected, string expectedEvent)
    {
        var (outcome, events) = All.Find("submit_task").Conclude(Submit, result);

        Assert.Equal(expected, outcome);
        Assert.Equal([expectedEvent], events);
    }
}
