using OpsAgent.Abstractions;
using OpsAgent.Capabilities;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities;

public sealed class EventTests
{
    private const string Keys = """
        doer = ["act"]
        timeout = "90s"
        timeout_reason = "acting timed out after {timeout_s}s"
        failure_marker = "{tmp}/{id}/.error"
        [capability.act.fields]
        id = { type = "id", required = true }
        note = { type = "text", max = 100 }
        force = { type = "flag" }

        """;

    [Fact]
    public void Numbers_of_the_agent_are_numbers_alone_and_text_beside_text()
    {
        var capability = Manifests.Act(Keys + """
            [[capability.act.on.ok]]
            msg_type = "done"
            attempts = "{attempts}"
            timeout_s = "{timeout_s}"
            exit_code = "{exit_code}"
            duration_ms = "{duration_ms}"
            text = "{exit_code} after {duration_ms}"
            """);

        var (_, events) = capability.Conclude("""{"id":1}""", Manifests.Ok(), attempts: 3);

        Assert.Equal(["""done {"attempts":3,"timeout_s":90,"exit_code":0,"duration_ms":1500,"text":"0 after 1500"}"""], events);
    }

    [Fact]
    public void What_is_missing_is_null_alone_and_nothing_beside_text()
    {
        var capability = Manifests.Act(Keys + """
            [[capability.act.on.error]]
            msg_type = "failed"
            note = "{note}"
            exit_code = "{exit_code}"
            attempts = "{attempts}"
            text = "<{note}{exit_code}>"
            """);

        var (_, events) = capability.Conclude("""{"id":1}""", new RunResult { Outcome = Outcome.Error, Reason = "no program" });

        Assert.Equal(["""failed {"note":null,"exit_code":null,"attempts":null,"text":"\u003C\u003E"}"""], events);
    }

    [Fact]
    public void Ids_and_flags_and_outcomes_are_text()
    {
        var capability = Manifests.Act(Keys + """
            [[capability.act.on.ok]]
            msg_type = "done"
            id = "{id}"
            force = "{force}"
            outcome = "{outcome}"
            request = "{request_id}"
            empty = ""
            hash = "{id:hash}"
            """);

        var (_, events) = capability.Conclude("""{"id":1,"force":1}""", Manifests.Ok());

        Assert.Equal(
            ["""done {"id":"1","force":"true","outcome":"ok","request":"r-1","empty":"","hash":"6b86b273ff34fce19d6b804eff5a3f57"}"""],
            events);
    }

    [Fact]
    public void Fixed_values_keep_their_type()
    {
        var capability = Manifests.Act(Keys + """
            [[capability.act.on.ok]]
            msg_type = "done"
            ok = true
            count = 14
            share = 0.5
            """);

        var values = capability.ReadFields(Manifests.Json("""{"id":1}""")).Values;
        var first = capability.Events(Outcome.Ok, values, Manifests.Facts(Manifests.Ok()));
        var second = capability.Events(Outcome.Ok, values, Manifests.Facts(Manifests.Ok()));

        Assert.Equal("""{"ok":true,"count":14,"share":0.5}""", first[0].Fields.ToJsonString());
        Assert.Equal(first[0].Fields.ToJsonString(), second[0].Fields.ToJsonString());
    }

    [Fact]
    public void An_outcome_may_have_several_events_each_left_out_by_itself()
    {
        var capability = Manifests.Act(Keys + """
            [[capability.act.on.error]]
            msg_type = "first"
            reason = "{reason}"
            [[capability.act.on.error]]
            msg_type = "second"
            id = "{id}"
            [[capability.act.on.error]]
            msg_type = "third"
            note = "{note}"
            """);

        Assert.Equal(3, capability.Conclude("""{"id":1}""", Manifests.Exit(1, "x")).Events.Count);

        var (_, events) = capability.Conclude("""{"id":"x","note":7}""", RunResult.NotRun(Outcome.Rejected, "id must be 1 to 19 digits"));
        Assert.Equal(["""first {"reason":"not run: id must be 1 to 19 digits"}""", """third {"note":"7"}"""], events);
    }

    [Theory]
    [InlineData(Outcome.Rejected, "queue full", "not run: queue full")]
    [InlineData(Outcome.Rejected, "", "not run")]
    [InlineData(Outcome.Rejected, "not run: queue full", "not run: queue full")]
    [InlineData(Outcome.Cancelled, "cancelled by wen", "cancelled by wen")]
    [InlineData(Outcome.Cancelled, "stopped", "cancelled: stopped")]
    [InlineData(Outcome.Timeout, "silent for 60s", "silent for 60s")]
    public void The_error_event_serves_outcomes_that_have_none(Outcome outcome, string reason, string told)
    {
        var capability = Manifests.Act(Keys + "[[capability.act.on.error]]\nmsg_type = \"failed\"\nreason = \"{reason}\"\n");

        var (_, events) = capability.Conclude("""{"id":1}""", new RunResult { Outcome = outcome, Reason = reason });

        Assert.Equal([$$"""failed {"reason":"{{told}}"}"""], events);
    }

    [Theory]
    [InlineData(Outcome.Rejected)]
    [InlineData(Outcome.Cancelled)]
    [InlineData(Outcome.Timeout)]
    public void An_outcome_with_events_of_its_own_takes_them_alone(Outcome outcome)
    {
        var name = outcome.ToWire();
        var capability = Manifests.Act(Keys + $$"""
            [[capability.act.on.error]]
            msg_type = "failed"
            [[capability.act.on.{{name}}]]
            msg_type = "own"
            reason = "{reason}"
            """);

        var (_, events) = capability.Conclude("""{"id":1}""", RunResult.NotRun(outcome, "why"));

        Assert.Equal(["""own {"reason":"why"}"""], events);
    }

    [Theory]
    [InlineData(Outcome.Skipped)]
    [InlineData(Outcome.Unknown)]
    [InlineData(Outcome.Unverified)]
    [InlineData(Outcome.Unrecorded)]
    [InlineData(Outcome.Ok)]
    public void No_other_outcome_is_told_as_an_error(Outcome outcome)
    {
        var capability = Manifests.Act(Keys + "[[capability.act.on.error]]\nmsg_type = \"failed\"\n");

        Assert.Empty(capability.Conclude("""{"id":1}""", new RunResult { Outcome = outcome, Ran = true }).Events);
    }

    [Fact]
    public void A_run_ended_for_its_silence_keeps_the_runners_reason()
    {
        var capability = Manifests.Act("idle_timeout = \"10s\"\n" + Keys + "[[capability.act.on.error]]\nmsg_type = \"failed\"\nreason = \"{reason}\"\n");
        var silent = new RunResult { Outcome = Outcome.Timeout, Ran = true, Reason = "silent for 10s", Duration = TimeSpan.FromSeconds(20) };

        Assert.Equal(["""failed {"reason":"silent for 10s"}"""], capability.Conclude("""{"id":1}""", silent).Events);
        Assert.Equal(
            ["""failed {"reason":"acting timed out after 90s"}"""],
            capability.Conclude("""{"id":1}""", silent with { Duration = TimeSpan.FromSeconds(90) }).Events);
    }

    [Fact]
    public void Output_in_an_event_is_bounded_and_never_half_a_character()
    {
        var capability = Manifests.Act(Keys + "[[capability.act.on.ok]]\nmsg_type = \"done\"\nout = \"{stdout}\"\nlast = \"{last_line}\"\n");
        var values = capability.ReadFields(Manifests.Json("""{"id":1}""")).Values;
        var stdout = string.Concat(Enumerable.Repeat("\ud83d\ude00", 5000)) + "x";

        var fields = capability.Events(Outcome.Ok, values, Manifests.Facts(Manifests.Ok(stdout)))[0].Fields;

        foreach (var text in new[] { (string)fields["out"]!, (string)fields["last"]! })
        {
            Assert.InRange(text.Length, 4000, 4096);
            Assert.False(char.IsLowSurrogate(text[0]));
            Assert.EndsWith("x", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_value_with_braces_in_it_stays_as_it_is()
    {
        var capability = Manifests.Act(Keys + "[[capability.act.on.ok]]\nmsg_type = \"done\"\nnote = \"{note}!\"\nout = \"{stdout}\"\n");

        var (_, events) = capability.Conclude("""{"id":1,"note":"{id} {0} %s"}""", Manifests.Ok("{reason}"));

        Assert.Equal(["""done {"note":"{id} {0} %s!","out":"{reason}"}"""], events);
    }
}
