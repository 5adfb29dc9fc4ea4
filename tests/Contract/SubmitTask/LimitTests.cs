using Xunit;

namespace OpsAgent.Tests.Contract.SubmitTask;

/// <summary>Whatever goes on for ever, the doer ends by itself before the agent would end it, and says what it knows.</summary>
public sealed class LimitTests(LimitScenes scenes) : IClassFixture<LimitScenes>
{
    [Theory]
    [InlineData("silent", "no answer ")]
    [InlineData("502", "answered 502")]
    [InlineData("429", "answered 429")]
    public async Task A_pcs_that_stays_ill_is_7_within_the_limit(string ill, string told)
    {
        var (submit, run, elapsed) = await scenes.All[ill].EndAsync();

        submit.AssertFailed(run, 7, told, $"{submit.Id}\n");
        AssertInTime(elapsed);
    }

    [Fact]
    public async Task A_prun_that_hangs_is_ended_with_all_its_tree_before_the_agents_limit_and_in_doubt()
    {
        var (submit, run, elapsed) = await scenes.All["prun hangs"].EndAsync();

        submit.AssertFailed(run, 8, "prun was ended at its limit of ");
        AssertInTime(elapsed);
        Assert.Empty(submit.Living());
    }

    [Fact]
    public async Task A_prun_that_hangs_after_its_id_is_recorded()
    {
        var (submit, run, _) = await scenes.All["prun hangs with its id"].EndAsync();

        submit.AssertSubmitted(run);
    }

    private static void AssertInTime(TimeSpan elapsed) => Assert.True(elapsed < TimeSpan.FromSeconds(LimitScenes.AgentsLimit), $"{elapsed}");
}
