using OpsAgent.Abstractions;
using OpsAgent.Agent.Control;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Holds;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Control;

public sealed class WorkExplanationTests
{
    private static readonly DateTimeOffset Now = Moments.Start + TimeSpan.FromSeconds(30);
    private static readonly WorkSurroundings Alone = new(Now);

    private static WorkSurroundings Unheld =>
        Alone with { Lane = new LaneCounts(new LaneName("fetch"), 2, 1, 0, null), Unheld = "no connection to the broker" };

    [Theory]
    [InlineData(2, 2, 0, "queued behind 2 running in lane fetch, which has 2 slots")]
    [InlineData(2, 2, 7, "queued behind 2 running in lane fetch, which has 2 slots and 7 queued before it")]
    [InlineData(2, 1, 0, "queued in lane fetch, next to start; 1 of 2 slots are free, so its type may be at its own limit")]
    [InlineData(2, 1, 3, "queued in lane fetch, 3 before it; 1 of 2 slots are free, so its type may be at its own limit")]
    public void Queued_says_behind_what(int slots, int running, int ahead, string expected)
    {
        var around = Alone with { Lane = new LaneCounts(new LaneName("fetch"), slots, ahead + 1, running, null), Ahead = ahead };

        Assert.Equal(expected, WorkExplanation.Of(Moments.Row("a"), around).Cause);
    }

    [Fact]
    public void Queued_in_a_lane_that_is_not_known_says_so_without_counts() =>
        Assert.Equal("queued in lane fetch", WorkExplanation.Of(Moments.Row("a"), Alone).Cause);

    [Fact]
    public void Queued_after_a_doer_asked_for_another_try_says_when_and_why()
    {
        var row = Moments.Row("a") with { NotBefore = Now + TimeSpan.FromSeconds(20), Attempts = 1, Reason = "locked by pid 12" };

        Assert.Equal("queued: to be tried again in 20 s, after attempt 1 (locked by pid 12)", WorkExplanation.Of(row, Alone).Cause);
    }

    [Fact]
    public void A_moment_that_has_passed_no_longer_explains_anything()
    {
        var row = Moments.Row("a") with { NotBefore = Now - TimeSpan.FromSeconds(1) };

        Assert.Equal("queued in lane fetch", WorkExplanation.Of(row, Alone).Cause);
    }

    [Fact]
    public void Queued_with_free_slots_may_wait_to_know_who_holds_the_queue() =>
        Assert.EndsWith(
            "but it is not known that this agent holds the queue (no connection to the broker), and until then what must not run twice is not started",
            WorkExplanation.Of(
                Moments.Row("a"),
                Unheld with { Held = new HeldType(new MsgType("fetch"), new LaneName("fetch"), HoldCause.Queue, "", Moments.Start) }).Cause,
            StringComparison.Ordinal);

    [Fact]
    public void A_type_that_does_not_wait_for_the_queue_is_not_told_so_in_an_outage() =>
        Assert.EndsWith("so its type may be at its own limit", WorkExplanation.Of(Moments.Row("a"), Unheld).Cause, StringComparison.Ordinal);

    [Fact]
    public void Held_says_for_what_what_to_do_and_until_when()
    {
        var held = new HeldType(
            new MsgType("fetch"), new LaneName("fetch"), HoldCause.Credential, "credential proxy (/p expired): renew it", Moments.Start, TimeSpan.FromHours(1));
        var row = Moments.Row("a") with { HeldAt = Moments.Start };
        var since = Moments.Start.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        var until = Moments.Start.AddHours(1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

        Assert.Equal(
            $"queued: held since {since}: credential proxy (/p expired): renew it; it starts by itself once that is good (refused at {until} if not)",
            WorkExplanation.Of(row, Alone with { Held = held }).Cause);
        Assert.Contains($"held from {since} on for a credential", WorkExplanation.Of(row, Alone with { Held = held }).Evidence);
        Assert.EndsWith("once that is good", WorkExplanation.Of(Moments.Row("a"), Alone with { Held = held }).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Queued_while_the_agent_drains_waits_for_its_return() =>
        Assert.Equal(
            "queued: the agent is stopping; it starts when the agent is back",
            WorkExplanation.Of(Moments.Row("a"), Alone with { AgentState = "DRAINING" }).Cause);

    [Fact]
    public void Starting_says_since_when_and_which_attempt()
    {
        var row = Moments.Row("a", "starting") with { StartedAt = Now - TimeSpan.FromMilliseconds(250), Attempts = 2 };

        Assert.Equal("its doer is being started since 2026-08-05T12:00:29Z (250 ms), attempt 2", WorkExplanation.Of(row, Alone).Cause);
    }

    [Fact]
    public void Running_says_since_when_and_as_which_process()
    {
        var row = Moments.Row("a", "running") with { StartedAt = Moments.Start, Attempts = 1, Pid = 99, Program = "/opt/doers/payload-log" };

        var why = WorkExplanation.Of(row, Alone);

        Assert.Equal("running since 2026-08-05T12:00:00Z (30 s), pid 99, attempt 1", why.Cause);
        Assert.Contains("doer /opt/doers/payload-log", why.Evidence);
    }

    [Fact]
    public void In_doubt_says_that_the_key_is_kept() =>
        Assert.Equal(
            "in doubt: the agent was killed while it ran; its key is kept until that is found out, or settled: opsctl work settle",
            WorkExplanation.Of(Moments.Row("a", "doubt") with { Reason = "the agent was killed while it ran" }, Alone).Cause);

    [Theory]
    [InlineData(Outcome.Ok, "", "done after 1.5 s")]
    [InlineData(Outcome.Error, "ERROR: no replica", "failed after 1.5 s: ERROR: no replica")]
    [InlineData(Outcome.Timeout, "timed out after 180s", "ended at its time limit after 1.5 s: timed out after 180s")]
    [InlineData(Outcome.Unrecorded, "HTTP 502", "done after 1.5 s, but the facility's record could not be written: HTTP 502")]
    [InlineData(Outcome.Unverified, "still ready", "accepted by the facility after 1.5 s, but its effect was not seen: still ready")]
    [InlineData(Outcome.Unknown, "look-up failed", "not known whether it was done: look-up failed")]
    [InlineData(Outcome.Skipped, "", "skipped: a duplicate")]
    [InlineData(Outcome.Rejected, "pandaid is missing", "rejected because pandaid is missing")]
    [InlineData(Outcome.Cancelled, "cancelled by alice", "cancelled by alice")]
    public void Settled_says_how_and_why(Outcome outcome, string reason, string expected)
    {
        var row = Moments.Row("a", "settled") with { Outcome = outcome, Reason = reason, DurationMs = 1500, SettledAt = Now };

        var why = WorkExplanation.Of(row, Alone);

        Assert.Equal(expected, why.Cause);
        Assert.Contains($"settled 2026-08-05T12:00:30Z as {outcome.ToWire()}", why.Evidence);
    }

    [Fact]
    public void What_took_no_time_that_anybody_knows_of_is_not_said_to_have_taken_none() => Assert.Equal(
        "failed: no such task",
        WorkExplanation.Of(Moments.Row("a", "settled") with { Outcome = Outcome.Error, Reason = "no such task", DurationMs = 0 }, Alone).Cause);

    [Fact]
    public void Skipped_names_the_first_one() =>
        Assert.Equal(
            "skipped as a duplicate of 0198aa, whose events serve both",
            WorkExplanation.Of(Moments.Row("a", "settled") with { Outcome = Outcome.Skipped, DuplicateOf = "0198aa" }, Alone).Cause);

    [Fact]
    public void Every_outcome_has_a_line_of_its_own()
    {
        var causes = Enum.GetValues<Outcome>()
            .Select(o => WorkExplanation.Of(Moments.Row("a", "settled") with { Outcome = o }, Alone).Cause)
            .ToList();

        Assert.Equal(causes.Count, causes.Distinct().Count());
        Assert.DoesNotContain("settled, but its outcome is not recorded", causes);
    }

    [Fact]
    public void A_state_of_a_newer_version_is_named() =>
        Assert.Equal("its state 'frozen' is not known to this version", WorkExplanation.Of(Moments.Row("a", "frozen"), Alone).Cause);

    [Fact]
    public void Evidence_names_what_the_row_holds()
    {
        var row = Moments.Row("a", "settled") with
        {
            RequestedBy = "alice",
            SentAt = Moments.Start,
            StartedAt = Moments.Start,
            Attempts = 1,
            ExitCode = 137,
            Survivors = 0,
        };

        Assert.Equal(
            [
                "received 2026-08-05T12:00:00Z, asked for by alice",
                "sent 2026-08-05T12:00:00Z by the broker's timestamp",
                "key fetch:1:2",
                "started 2026-08-05T12:00:00Z, attempt 1",
                "exit code 137",
                "its tree was ended, 0 survived",
            ],
            WorkExplanation.Of(row, Alone).Evidence);
    }
}
