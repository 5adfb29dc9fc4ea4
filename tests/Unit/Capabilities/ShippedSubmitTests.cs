using OpsAgent.Abstractions;
using OpsAgent.Capabilities;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities;

/// <summary>Submission in the manifest that is deployed: what each end of the doer tells the page.</summary>
public sealed class ShippedSubmitTests
{
    private const string Request = """{"msg_type": "submit_task", "namespace": "prodops", "task_name": "26.07/DIS", "owner": "alice"}""";

    [Fact]
    public void A_request_becomes_work_that_is_never_started_twice()
    {
        var capability = Submit();

        var work = capability.ToWork(capability.ReadFields(Manifests.Json(Request)).Values);

        Assert.Equal(new DedupKey("submit:26.07/DIS"), work.DedupKey);
        Assert.Equal(new LaneName("submit"), work.Lane);
        Assert.Equal(TimeSpan.FromMinutes(15), work.MaxAge);
        Assert.Equal(RecoveryPolicy.Report, work.Recovery);
        Assert.Equal(DrainPolicy.Finish, work.OnDrain);
        var plan = Assert.IsType<DoerPlan>(work.Plan);
        Assert.Equal("submit-task", plan.Program);
        Assert.Equal(["--task-name=26.07/DIS", "--owner=alice"], plan.Arguments);
        Assert.Equal(["SWFMON_TOKEN", "SWF_MONITOR_TOKEN"], plan.Credentials);
        Assert.Equal(TimeSpan.FromSeconds(300), plan.Timeout);
    }

    [Fact]
    public void A_run_that_nobody_saw_the_end_of_is_looked_up_and_an_operators_word_closes_it()
    {
        var capability = Submit();

        var work = capability.ToWork(capability.ReadFields(Manifests.Json(Request)).Values);

        var plans = work.LookUps.Select(static l => (DoerPlan)l.Plan).ToList();
        Assert.Equal(["--resume-left", "--task-name=26.07/DIS"], plans[0].Arguments);
        Assert.Equal(["--reconcile", "--task-name=26.07/DIS", "--owner=alice"], plans[1].Arguments);
        Assert.Equal([(0, Outcome.Ok), (5, Outcome.Error), (7, Outcome.Unrecorded), (30, Outcome.Error)], Answers(work.LookUps[0]));
        Assert.Equal([(0, Outcome.Ok), (7, Outcome.Unrecorded)], Answers(work.LookUps[1]));
        Assert.Equal(["--close", "--task-name=26.07/DIS"], Assert.IsType<DoerPlan>(work.Release).Arguments);
        Assert.All([.. plans, (DoerPlan)work.Release], p => Assert.Equal(("submit-task", 2), (p.Program, p.Credentials.Count)));
        Assert.Equal("sandbox", ((DoerPlan)work.Plan).PointOfNoReturn);
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("-x")]
    [InlineData("a b")]
    [InlineData("")]
    public void A_name_that_leads_elsewhere_is_refused(string name)
    {
        var reading = Submit().ReadFields(Manifests.Json($$"""{"task_name": "{{name}}"}"""));

        Assert.NotEmpty(reading.Errors);
    }

    [Theory]
    [InlineData(0, "35001", "ok", """prodtask_submitted {"task_name":"26.07/DIS","jedi_task_id":"35001"}""")]
    [InlineData(0, "", "unknown", """prodtask_submit_unrecorded {"task_name":"26.07/DIS","jedi_task_id":"unknown","reason":"not known whether PanDA took it: ended well without a JEDI task id"}""")]
    [InlineData(7, "35001", "unrecorded", """prodtask_submit_unrecorded {"task_name":"26.07/DIS","jedi_task_id":"35001","reason":"ERROR: why"}""")]
    [InlineData(8, "", "unknown", """prodtask_submit_unrecorded {"task_name":"26.07/DIS","jedi_task_id":"unknown","reason":"not known whether PanDA took it: ERROR: why"}""")]
    [InlineData(3, "", "error", """prodtask_submit_failed {"task_name":"26.07/DIS","reason":"ERROR: why"}""")]
    [InlineData(5, "", "error", """prodtask_submit_failed {"task_name":"26.07/DIS","reason":"ERROR: why"}""")]
    [InlineData(9, "", "error", """prodtask_submit_failed {"task_name":"26.07/DIS","reason":"ERROR: why"}""")]
    [InlineData(30, "", "error", """prodtask_submit_failed {"task_name":"26.07/DIS","reason":"ERROR: why"}""")]
    public void Each_end_has_its_event(int code, string stdout, string outcome, string told)
    {
        var capability = Submit();
        var plan = (DoerPlan)capability.ToWork(capability.ReadFields(Manifests.Json(Request)).Values).Plan;
        var byCode = plan.ExitCodes.GetValueOrDefault(code, code == 0 ? Outcome.Ok : Outcome.Error);

        var (settled, events) = capability.Conclude(Request, Manifests.Exit(code, code == 0 ? "" : "ERROR: why", byCode, stdout));

        Assert.Equal(outcome, settled.ToWire());
        Assert.Equal([told], events);
    }

    private static IEnumerable<(int, Outcome)> Answers(LookUp lookUp) => lookUp.Answers.OrderBy(static a => a.Key).Select(static a => (a.Key, a.Value));

    private static Capability Submit()
    {
        var reading = ManifestReader.Read(Path.Combine(Repository.Root, "agents", "prodops.toml"), Manifests.NoEnvironment);
        Assert.Empty(reading.Errors);
        return reading.Manifest!.Find("submit_task");
    }
}
