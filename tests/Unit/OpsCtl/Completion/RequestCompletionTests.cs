using OpsAgent.Abstractions;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Unit.Agent.Control;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Completion;

/// <summary>Request ids from a real door on a real socket.</summary>
public sealed class RequestCompletionTests : IAsyncLifetime
{
    private readonly DoorFixture _door = new();
    private readonly OpsCtlRun _run = new();

    public async Task InitializeAsync()
    {
        await _door.OpenAsync();
        _run.Environment["OPSAGENT_STATE_DIR"] = _door.Folder.FullName;
        _run.Time = _door.Time;
    }

    public Task DisposeAsync() => _door.CloseAsync();

    [Theory]
    [InlineData("show")]
    [InlineData("why")]
    public async Task Ids_come_newest_first_with_what_they_are(string verb)
    {
        _door.Work.Rows.AddRange([
            Moments.Row("old", "settled") with { Outcome = Outcome.Error },
            Moments.Row("new:1", "running") with { ReceivedAt = Moments.Start.AddSeconds(30) },
        ]);

        Assert.Equal(
            [("new:1", "fetch_payload_log, running, 30 s ago"), ("old", "fetch_payload_log, error, 60 s ago")],
            await CompletionRun.WordsAsync(_run, "work", verb, ""));
    }

    [Theory]
    [InlineData("cancel", "running", "starting", "queued")]
    [InlineData("settle", "doubt")]
    [InlineData("retry", "settled")]
    public async Task Only_what_a_command_can_change_is_offered_to_it(string command, params string[] offered)
    {
        string[] states = ["settled", "queued", "starting", "running", "doubt"];
        _door.Work.Rows.AddRange(states.Select((s, i) => Moments.Row(s, s) with { ReceivedAt = Moments.Start.AddSeconds(i) }));

        Assert.Equal(offered, (await CompletionRun.WordsAsync(_run, "work", command, "")).Select(o => o.Word));
    }

    [Fact]
    public async Task A_few_are_offered_not_all()
    {
        _door.Work.Rows.AddRange(Enumerable.Range(0, 100).Select(i => Moments.Row($"r{i}") with { ReceivedAt = Moments.Start.AddSeconds(i) }));

        Assert.Equal(
            Enumerable.Range(60, 40).Reverse().Select(i => $"r{i}"),
            (await CompletionRun.WordsAsync(_run, "work", "show", "")).Select(o => o.Word));
        _door.Work.Rows.ForEach(r => Assert.Equal("queued", r.State));
        Assert.Equal(40, (await CompletionRun.WordsAsync(_run, "work", "cancel", "")).Count);
    }

    [Fact]
    public async Task An_id_that_is_more_than_letters_is_left_out_and_a_type_can_do_nothing()
    {
        string[] hostile = ["$(touch pwned)", "`id`", "a b", "a;b", "-rf", "a\nb", "a\tb", "\u001b[2J", "a'b", "~root", "a\u202eb", "{a,b}", ""];
        _door.Work.Rows.AddRange(hostile.Select(id => Moments.Row(id)));
        _door.Work.Rows.Add(Moments.Row("good") with { MsgType = new MsgType("\u001b]0;x\u0007\n$(id)") });

        var (word, description) = Assert.Single(await CompletionRun.WordsAsync(_run, "work", "show", ""));
        Assert.Equal("good", word);
        Assert.StartsWith(@"\u001b]0;x\u0007\u000a$(id), queued, ", description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_hangs_is_not_waited_for()
    {
        var time = new FakeTime(Moments.Start);
        var never = new TaskCompletionSource();
        _run.Time = time;
        _door.Work.Hang = never.Task;

        var asked = CompletionRun.WordsAsync(_run, "work", "show", "");
        await Eventually.HoldsAsync(() => time.ArmedTimers > 0, "the patience begins");
        time.Advance(TimeSpan.FromSeconds(3));

        Assert.Empty(await asked.WaitAsync(Eventually.Limit, TimeProvider.System));
        never.SetResult();
    }
}
