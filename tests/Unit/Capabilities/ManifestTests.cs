using OpsAgent.Abstractions;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities;

public sealed class ManifestTests
{
    /// <summary>As the design shows it, with the lane and the credential that it takes for granted.</summary>
    internal const string OfTheDesign = """
        [lane.fetch]
        slots = 4
        [credential.rucio_proxy]
        env = "X509_USER_PROXY"

        [capability.fetch_payload_log]
        description = "retrieve and cache one PanDA job's payload log"
        doer        = ["payload-log", "--scope={scope}", "--lfn={lfn}", "--jeditaskid={jeditaskid}", "--pandaid={pandaid}"]
        flags       = { force = "--force" }
        timeout     = { env = "EPICPROD_FETCH_TIMEOUT", default = "180s" }
        lane        = "fetch"
        dedup_key   = "fetch:{jeditaskid}:{pandaid}"
        recovery    = "rerun"
        environment = ["RUCIO_*", "REQUESTS_CA_BUNDLE", "SWF_TMP_DIR", "XRDCP_TIMEOUT"]
        credentials = ["rucio_proxy"]
        failure_marker = "{tmp}/panda-logs/{jeditaskid}/{pandaid}/.error"

        [capability.fetch_payload_log.fields]
        scope      = { type = "rucio_scope", required = true }
        lfn        = { type = "file_name", required = true }
        jeditaskid = { type = "id", required = true }
        pandaid    = { type = "id", required = true }
        force      = { type = "flag" }

        [[capability.fetch_payload_log.on.ok]]
        msg_type = "payload_log_ready"
        pandaid = "{pandaid}"
        jeditaskid = "{jeditaskid}"
        """;

    [Fact]
    public void The_designs_own_example_loads()
    {
        var capability = Assert.Single(Manifests.Valid(OfTheDesign).Capabilities);

        Assert.Equal(["scope", "lfn", "jeditaskid", "pandaid", "force"], capability.Definition.Fields.Select(static f => f.Name));
        Assert.Equal("{tmp}/panda-logs/{jeditaskid}/{pandaid}/.error", capability.Definition.FailureMarker!.Source);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[testbed]\nnamespace = \"prodops\"\n[broker]\nanything = 1\n[agent]\n[events]\n[work]\n[log]\n[monitor]\n[control]\n")]
    [InlineData("[somebody_elses]\nkey = 1\n")]
    public void Tables_of_others_are_left_alone(string text) => Assert.Empty(Manifests.Valid(text).Capabilities);

    [Fact]
    public void What_is_not_said_has_the_documented_default()
    {
        var definition = Manifests.Act("doer = [\"act\"]\ntimeout = \"2m\"\n").Definition;

        Assert.Equal(TimeSpan.FromMinutes(2), definition.Timeout);
        Assert.Equal(TimeSpan.FromSeconds(5), definition.Grace);
        Assert.Null(definition.IdleTimeout);
        Assert.Null(definition.MaxAge);
        Assert.Null(definition.DedupKey);
        Assert.Equal((int.MaxValue, 100_000), (definition.MaxParallel, definition.MaxPending));
        Assert.Equal((RecoveryPolicy.Rerun, DrainPolicy.Requeue, CaptureMode.Pipe), (definition.Recovery, definition.OnDrain, definition.Capture));
        Assert.Empty(definition.Events);
        Assert.Null(definition.Record);
    }

    [Theory]
    [InlineData("1s", 1)]
    [InlineData("15m", 900)]
    [InlineData("6h", 21_600)]
    [InlineData("7d", 604_800)]
    public void A_span_of_time_has_a_unit(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Manifests.Act($"doer = [\"act\"]\ntimeout = \"{text}\"\n").Definition.Timeout);

    [Fact]
    public void What_is_never_started_twice_is_waited_for_at_a_drain()
    {
        var definition = Manifests.Act("doer = [\"act\"]\ntimeout = \"1s\"\nrecovery = \"report\"\ndedup_key = \"act\"\n").Definition;

        Assert.Equal((RecoveryPolicy.Report, DrainPolicy.Finish), (definition.Recovery, definition.OnDrain));
    }

    [Fact]
    public void A_record_keeps_what_the_monitor_needs()
    {
        var record = Manifests.Act("""
            doer = ["act"]
            timeout = "1s"
            [capability.act.fields]
            id = { type = "id", required = true }
            [capability.act.record]
            action = "acted"
            subject_type = "job"
            subject_key = "{id}"
            username = "{id}"
            sublevel = "high"
            live_default = true
            extra = { id = "{id}", steps = 14 }
            """).Definition.Record!;

        Assert.Equal(("acted", "job", "{id}", "{id}", "high", true), (record.Action, record.SubjectType, record.SubjectKey!.Source,
            record.Username!.Source, record.Sublevel, record.LiveDefault));
        Assert.Equal(["id = {id}", "steps = 14"], record.Extra.Select(static e => e.ToString()));
    }

    [Fact]
    public void Finding_a_type_that_is_not_there_finds_nothing()
    {
        Assert.False(Manifests.Valid(OfTheDesign).TryFind(new MsgType("fetch_payload_logs"), out var none));
        Assert.Null(none);
    }

    [Fact]
    public void Reading_twice_gives_the_same_and_changes_nothing()
    {
        var first = Manifests.Valid(OfTheDesign).Capabilities[0].Summary;
        var second = Manifests.Valid(OfTheDesign).Capabilities[0].Summary;

        Assert.Equal(first.Doer, second.Doer);
        Assert.Equal(first.Fields, second.Fields);
    }
}
