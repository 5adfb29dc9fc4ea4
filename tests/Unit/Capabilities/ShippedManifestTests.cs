using OpsAgent.Abstractions;
using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Credentials;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities;

/// <summary>The manifest that is deployed.</summary>
public sealed class ShippedManifestTests
{
    private const string Request = """
        {"msg_type": "fetch_payload_log", "namespace": "prodops", "scope": "user.wen", "lfn": "log.tgz",
         "jeditaskid": "41", "pandaid": 7001, "requested_by": ""}
        """;

    [Fact]
    public void It_loads()
    {
        var manifest = Shipped();

        Assert.Contains("fetch_payload_log", manifest.Capabilities.Select(static c => c.MsgType.Value));
        Assert.Contains(new LaneDefinition(new LaneName("fetch"), 4), manifest.Lanes);
        var proxy = Assert.Single(manifest.Credentials, static c => c.Name == "rucio_proxy");
        Assert.Equal(("X509_USER_PROXY", CredentialKind.X509Proxy, 0x1A0, true), (proxy.Variable, proxy.Kind, proxy.ModeMax, proxy.Follow));
        var token = Assert.Single(manifest.Credentials, static c => c.Name == "panda_token");
        Assert.Equal((CredentialKind.OidcToken, true), (token.Kind, token.Optional));
    }

    [Fact]
    public void A_fetch_becomes_work()
    {
        var capability = Shipped().Find("fetch_payload_log");

        var work = capability.ToWork(capability.ReadFields(Manifests.Json(Request)).Values);

        Assert.Equal(new DedupKey("fetch:41:7001"), work.DedupKey);
        Assert.Equal(new LaneName("fetch"), work.Lane);
        Assert.Equal(TimeSpan.FromHours(1), work.MaxAge);
        Assert.Equal(RecoveryPolicy.Rerun, work.Recovery);
        Assert.Equal(DrainPolicy.Requeue, work.OnDrain);
        var plan = Assert.IsType<DoerPlan>(work.Plan);
        Assert.Equal("payload-log", plan.Program);
        Assert.Equal(["--scope=user.wen", "--lfn=log.tgz", "--jeditaskid=41", "--pandaid=7001"], plan.Arguments);
        Assert.Equal(["X509_USER_PROXY"], plan.Credentials);
        Assert.DoesNotContain(plan.Environment, static e => "X509_USER_PROXY".StartsWith(e.TrimEnd('*'), StringComparison.Ordinal));
        Assert.Equal(TimeSpan.FromSeconds(180), plan.Timeout);
        Assert.Empty(plan.ExitCodes);
    }

    [Fact]
    public void Force_is_passed_only_when_it_is_true()
    {
        var capability = Shipped().Find("fetch_payload_log");
        foreach (var (force, passed) in new[] { ("true", true), ("\"false\"", true), ("false", false), ("0", false) })
        {
            var body = Manifests.Json(Request.Replace("\"namespace\"", $"\"force\": {force}, \"namespace\"", StringComparison.Ordinal));
            var plan = (DoerPlan)capability.ToWork(capability.ReadFields(body).Values).Plan;

            Assert.Equal(passed, plan.Arguments.Contains("--force"));
        }
    }

    [Fact]
    public void Its_limit_comes_from_the_environment()
    {
        var capability = Shipped(new Dictionary<string, string> { ["EPICPROD_FETCH_TIMEOUT"] = " 42 " }).Find("fetch_payload_log");

        Assert.Equal(TimeSpan.FromSeconds(42), capability.Definition.Timeout);
        Assert.Equal(TimeSpan.FromSeconds(180), Shipped(new Dictionary<string, string> { ["EPICPROD_FETCH_TIMEOUT"] = "" })
            .Find("fetch_payload_log").Definition.Timeout);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("1.5")]
    [InlineData("180s")]
    [InlineData("99999999999999999999")]
    public void A_bad_limit_in_the_environment_is_an_error(string value)
    {
        var reading = ManifestReader.Read(Path(), new Dictionary<string, string> { ["EPICPROD_FETCH_TIMEOUT"] = value });

        var error = Assert.Single(reading.Errors);
        Assert.Equal("capability.fetch_payload_log.timeout.env", error.Path);
        Assert.Contains("EPICPROD_FETCH_TIMEOUT", error.Message, StringComparison.Ordinal);
        Assert.True(error.Line > 1);
    }

    [Fact]
    public void A_success_makes_the_page_load()
    {
        var (outcome, events) = Shipped().Find("fetch_payload_log").Conclude(Request, Manifests.Ok());

        Assert.Equal(Outcome.Ok, outcome);
        Assert.Equal(["""payload_log_ready {"pandaid":"7001","jeditaskid":"41"}"""], events);
    }

    [Fact]
    public void A_failure_says_why_and_how_often()
    {
        var (outcome, events) = Shipped().Find("fetch_payload_log").Conclude(Request, Manifests.Exit(1, "ERROR: no replica"), attempts: 2);

        Assert.Equal(Outcome.Error, outcome);
        Assert.Equal(["""payload_log_failed {"pandaid":"7001","jeditaskid":"41","reason":"ERROR: no replica","attempts":2}"""], events);
    }

    [Theory]
    [InlineData(Outcome.Timeout, "timed out after 180s", "fetch timed out after 180s")]
    [InlineData(Outcome.Rejected, "expired after 61 min", "not run: expired after 61 min")]
    [InlineData(Outcome.Cancelled, "cancelled by wen", "cancelled by wen")]
    public void Other_ends_are_told_by_the_same_event(Outcome outcome, string reason, string told)
    {
        var result = new RunResult { Outcome = outcome, Reason = reason, Ran = outcome == Outcome.Timeout };

        var (settled, events) = Shipped().Find("fetch_payload_log").Conclude(Request, result, attempts: 1);

        Assert.Equal(outcome, settled);
        Assert.Equal([$$"""payload_log_failed {"pandaid":"7001","jeditaskid":"41","reason":"{{told}}","attempts":1}"""], events);
    }

    [Fact]
    public void A_refusal_is_told_only_if_its_subject_is_valid()
    {
        var capability = Shipped().Find("fetch_payload_log");
        var refused = RunResult.NotRun(Outcome.Rejected, "lfn is required");

        var (_, withSubject) = capability.Conclude("""{"jeditaskid": 1, "pandaid": 2}""", refused, attempts: 0);
        var (_, without) = capability.Conclude("""{"jeditaskid": "../1", "pandaid": 2, "lfn": "a"}""", refused);

        Assert.Equal(
            ["""payload_log_failed {"pandaid":"2","jeditaskid":"1","reason":"not run: lfn is required","attempts":0}"""], withSubject);
        Assert.Empty(without);
    }

    [Fact]
    public void Its_marker_stands_beside_the_log()
    {
        var capability = Shipped().Find("fetch_payload_log");

        Assert.Equal("panda-logs/41/7001/.error", capability.MarkerPath(capability.ReadFields(Manifests.Json(Request)).Values));
        Assert.Null(capability.MarkerPath(capability.ReadFields(Manifests.Json("""{"jeditaskid": "..", "pandaid": 1}""")).Values));
    }

    [Fact]
    public void Its_summary_says_what_people_ask()
    {
        var summary = Shipped().Find("fetch_payload_log").Summary;

        Assert.Equal("retrieve and cache one PanDA job's payload log", summary.Description);
        Assert.Equal("[--force]", summary.Doer[^1]);
        Assert.Contains(new OpsAgent.Capabilities.FieldSummary("pandaid", "id", true, null), summary.Fields);
        Assert.Equal(["payload_log_failed"], summary.Events["error"]);
        Assert.Equal("rerun", summary.Recovery);
    }

    private static string Path()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "OpsAgent.sln")))
        {
            folder = folder.Parent;
        }

        return System.IO.Path.Combine(folder!.FullName, "agents", "prodops.toml");
    }

    private static Manifest Shipped(IReadOnlyDictionary<string, string>? environment = null)
    {
        var reading = ManifestReader.Read(Path(), environment ?? Manifests.NoEnvironment);
        Assert.Empty(reading.Errors);
        return reading.Manifest!;
    }
}
