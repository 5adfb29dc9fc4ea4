using OpsAgent.Abstractions;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities;

/// <summary>What a doer printed, read as JSON.</summary>
public sealed class PrintedJsonTests
{
    private const string Keys = """
        doer = ["act", "--at={received_at}"]
        timeout = "90s"
        ok_needs = { stdout = '"verified": *true', otherwise = "unverified", reason = "state {last_line:json.state}" }
        on.unverified = []
        [capability.act.fields]
        operation = { type = "enum", values = ["pause", "retry"], default = "pause" }
        [[capability.act.on.ok]]
        msg_type = "done"
        when = { operation = ["pause"] }
        whole = "{last_line:json}"
        state = "{last_line:json.state}"
        items = "{last_line:json.items}"
        none = "{last_line:json.nothing}"
        text = "is {last_line:json.state}, {last_line:json.items}"
        first = "{first_line}"
        [[capability.act.on.ok]]
        msg_type = "retried"
        when = { operation = ["retry"] }
        [[capability.act.on.error]]
        msg_type = "failed"

        """;

    private const string Printed = """
        one line
        {"verified": true, "state": "paused", "items": [1, {"a": null}]}

        """;

    [Fact]
    public void A_value_alone_is_json_and_beside_text_its_text()
    {
        var (outcome, events) = Manifests.Act(Keys).Conclude("{}", Manifests.Ok(Printed));

        Assert.Equal(Outcome.Ok, outcome);
        Assert.Equal(
            ["""
            done {"whole":{"verified":true,"state":"paused","items":[1,{"a":null}]},"state":"paused","items":[1,{"a":null}],"none":null,"text":"is paused, [1,{\u0022a\u0022:null}]","first":"one line"}
            """],
            events);
    }

    [Fact]
    public void An_event_is_published_only_for_the_values_that_it_is_for()
    {
        var (_, events) = Manifests.Act(Keys).Conclude("""{"operation":"retry"}""", Manifests.Ok(Printed));

        Assert.Equal(["retried {}"], events);
    }

    [Theory]
    [InlineData("\"verified\": true")]
    [InlineData("{\"verified\": true")]
    [InlineData("[{\"verified\": true}]")]
    [InlineData("{\"verified\": true, \"state\": 1, \"state\": 2}")]
    public void What_is_no_json_object_has_no_members(string printed)
    {
        var (_, events) = Manifests.Act(Keys).Conclude("{}", Manifests.Ok(printed));

        Assert.Contains("\"state\":null,\"items\":null", Assert.Single(events), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_too_long_for_an_event_has_no_value()
    {
        var (_, events) = Manifests.Act(Keys).Conclude("{}", Manifests.Ok($$"""{"verified": true, "state": "{{new string('x', 16 * 1024)}}"}"""));

        Assert.Contains("\"whole\":null", Assert.Single(events), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reason_may_name_a_member()
    {
        var capability = Manifests.Act(Keys);
        var result = Manifests.Ok("""{"verified": false, "state": "running"}""");

        var (outcome, reason) = capability.Judge(capability.ReadFields(Manifests.Json("{}")).Values, Manifests.Facts(result));

        Assert.Equal((Outcome.Unverified, "state running"), (outcome, reason));
    }

    [Fact]
    public void A_doer_can_be_told_when_its_request_came()
    {
        var capability = Manifests.Act(Keys);
        var at = new DateTimeOffset(2026, 8, 5, 9, 30, 0, 250, TimeSpan.FromHours(2));

        var plan = (DoerPlan)capability.ToWork(capability.ReadFields(Manifests.Json("{}")).Values, at).Plan;

        Assert.Equal(["--at=2026-08-05T07:30:00.250+00:00"], plan.Arguments);
    }

    [Theory]
    [InlineData(Outcome.Ok, false)]
    [InlineData(Outcome.Error, true)]
    public void A_record_may_be_kept_for_some_outcomes_alone(Outcome outcome, bool isKept)
    {
        var capability = Manifests.Act(Keys + "[capability.act.record]\naction = \"acted\"\noutcomes = [\"error\", \"timeout\"]\n");

        var record = capability.Record(outcome, capability.ReadFields(Manifests.Json("{}")).Values, Manifests.Facts(Manifests.Ok()));

        Assert.Equal(isKept, record is not null);
    }

    [Theory]
    [InlineData("note = \"{operation:json}\"", "only what a doer printed can be read as JSON")]
    [InlineData("note = \"{reason:json.a}\"", "only what a doer printed can be read as JSON")]
    [InlineData("when = { mode = [\"a\"] }", "there is no such field")]
    [InlineData("when = { operation = \"pause\" }", "must be an array of strings")]
    [InlineData("note = \"{received_at}\"", "has no value here")]
    public void What_can_t_be_is_told(string key, string problem)
    {
        var reading = Manifests.Parse($"{Manifests.Head}{Keys}{key}\n");

        Assert.Contains(reading.Errors, error => error.ToString().Contains(problem, StringComparison.Ordinal));
    }
}
