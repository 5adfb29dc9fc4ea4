using OpsAgent.Abstractions;
using OpsAgent.Capabilities;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.RucioSnapshot;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities;

/// <summary>The Rucio snapshot in the manifest that is deployed.</summary>
public sealed class ShippedSnapshotTests
{
    private const string Request = """{"msg_type": "rucio_snapshot_update", "namespace": "prodops", "created_by": "alice"}""";

    [Fact]
    public void All_requests_are_one_work_that_may_run_again()
    {
        var capability = Snapshot();

        var work = capability.ToWork(capability.ReadFields(Manifests.Json(Request)).Values);

        Assert.Equal(new DedupKey("rucio_snapshot_update"), work.DedupKey);
        Assert.Equal(new LaneName("refresh"), work.Lane);
        Assert.Equal(TimeSpan.FromHours(6), work.MaxAge);
        Assert.Equal(RecoveryPolicy.Rerun, work.Recovery);
        var plan = Assert.IsType<DoerPlan>(work.Plan);
        Assert.Equal("rucio-snapshot", plan.Program);
        Assert.Empty(plan.Arguments);
        Assert.Equal(["JLAB_RUCIO_PASSWORD", "SWFMON_TOKEN", "SWF_MONITOR_TOKEN"], plan.Credentials);
        Assert.Equal(TimeSpan.FromSeconds(900), plan.Timeout);
    }

    [Fact]
    public void Both_outcomes_tell_the_page_by_a_real_boolean()
    {
        Assert.Equal(["""rucio_snapshot_ready {"ok":true}"""], Snapshot().Conclude(Request, Manifests.Ok()).Events);
        Assert.Equal(
            ["""rucio_snapshot_ready {"ok":false,"error":"ERROR: no current Campaign"}"""],
            Snapshot().Conclude(Request, Manifests.Exit(1, "ERROR: no current Campaign")).Events);
    }

    [Fact]
    public void The_doer_ends_by_itself_before_the_agents_limit()
    {
        var settings = SnapshotSettings.From(new DoerEnvironment(static name => name == "SWF_MONITOR_URL" ? "https://epic.example/swf-monitor" : null));

        Assert.InRange(Snapshot().Definition.Timeout - settings.Total, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(120));
        Assert.True(settings.Rucio.TotalLimit < settings.Total);
    }

    private static Capability Snapshot() =>
        Manifests.Valid(File.ReadAllText(Path.Combine(Repository.Root, "agents", "prodops.toml"))).Find("rucio_snapshot_update");
}
