using OpsAgent.Abstractions;
using OpsAgent.Agent.Launching;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Unit.Agent.Control;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

/// <summary>opsctl logs, against a real door on a real socket, and against the files alone.</summary>
public sealed class LogsCommandTests : IAsyncLifetime
{
    private const string Evil = "2026-01-01T00:00:00.000Z err \u001b]0;owned\u0007 \u202Etxt";

    private readonly DoorFixture _door = new();
    private readonly OpsCtlRun _run = new();

    public async Task InitializeAsync()
    {
        await _door.OpenAsync();
        _run.Environment["OPSAGENT_STATE_DIR"] = _door.Folder.FullName;
        _run.Time = _door.Time;
        Directory.CreateDirectory(_door.Logs.Path);
    }

    public Task DisposeAsync() => _door.CloseAsync();

    [Fact]
    public async Task All_attempts_are_shown_in_turn_with_control_characters_spelled_out()
    {
        _door.Work.Rows.Add(Moments.Row("a", "settled"));
        Write("a", 1, "2026-01-01T00:00:00.000Z out one\n" + Evil + "\n");
        Write("a", 3, "2026-01-01T00:00:05.000Z out again\n");

        Assert.Equal(0, await _run.RunAsync("logs", "a"));

        Assert.Equal(
            [
                "2026-01-01T00:00:00.000Z\t1\tout\tone",
                "2026-01-01T00:00:00.000Z\t1\terr\t\\u001b]0;owned\\u0007 \\u202etxt",
                "2026-01-01T00:00:05.000Z\t3\tout\tagain",
            ],
            _run.Lines);
    }

    [Fact]
    public async Task More_than_one_piece_is_read_to_its_end()
    {
        _door.Work.Rows.Add(Moments.Row("a", "settled"));
        Write("a", 1, string.Concat(Enumerable.Range(0, 5_000).Select(static i => $"2026-01-01T00:00:00.000Z out line {i} of äöü\n")));

        Assert.Equal(0, await _run.RunAsync("logs", "a"));

        Assert.Equal(5_000, _run.Lines.Length);
        Assert.EndsWith("line 4999 of äöü", _run.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_is_followed_from_its_queue_over_its_attempts_to_its_end()
    {
        _door.Work.Rows.Add(Moments.Row("a"));
        var following = _run.RunAsync("logs", "-f", "a");
        await LookAgainAsync();
        Assert.Empty(_run.Lines);

        Write("a", 1, "2026-01-01T00:00:00.000Z out one\n");
        State("running");
        await SeenAsync(1);
        Write("a", 1, "2026-01-01T00:00:00.000Z out two\n");
        await SeenAsync(2);
        Write("a", 2, "2026-01-01T00:00:00.000Z out three\n");
        await SeenAsync(3);
        Write("a", 2, "2026-01-01T00:00:00.000Z agent end of output\n");
        State("settled");
        await SeenAsync(4);

        await Eventually.HoldsAsync(
            () =>
            {
                _door.Time.Advance(TimeSpan.FromSeconds(1));
                return following.IsCompleted;
            },
            "it ends with the request");
        Assert.Equal(0, await following);
        Assert.Equal(["one", "two", "three", "end of output"], _run.Lines.Select(static l => l.Split('\t')[3]));
    }

    [Fact]
    public async Task Lines_that_reach_their_file_after_the_end_are_waited_for_and_what_never_comes_is_said()
    {
        _door.Work.Rows.Add(Moments.Row("a", "settled"));
        Write("a", 1, "2026-01-01T00:00:00.000Z out one\n");
        var following = _run.RunAsync("logs", "-f", "a");
        for (var look = 0; look < 4; look++)
        {
            await LookAgainAsync();
        }

        Write("a", 1, "2026-01-01T00:00:02.000Z out two\n");
        await SeenAsync(2);
        Assert.False(following.IsCompleted);

        await Eventually.HoldsAsync(
            () =>
            {
                _door.Time.Advance(TimeSpan.FromSeconds(1));
                return following.IsCompleted;
            },
            "it gives up");
        Assert.Equal(0, await following);
        Assert.Contains("but not its output", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_agent_the_files_are_read_and_that_is_said()
    {
        Write("a", 1, Evil + "\n");
        await _door.Door!.StopAsync(CancellationToken.None);

        Assert.Equal(0, await _run.RunAsync("logs", "-f", "a"));

        Assert.Equal("2026-01-01T00:00:00.000Z\t1\terr\t\\u001b]0;owned\\u0007 \\u202etxt", Assert.Single(_run.Lines));
        Assert.Contains("no agent runs; read from", _run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "absent")]
    [InlineData(64, "no id")]
    [InlineData(64, "../a")]
    [InlineData(64, "*")]
    public async Task What_is_not_there_is_said_with_and_without_an_agent(int code, string id)
    {
        Write("a", 1, Evil + "\n");

        Assert.Equal(code, await _run.RunAsync("logs", id));
        await _door.Door!.StopAsync(CancellationToken.None);
        Assert.Equal(code, await _run.RunAsync("logs", id));
        Assert.Empty(_run.Lines);
    }

    private void Write(string id, int attempt, string text) => File.AppendAllText(_door.Logs.FileOf(new RequestId(id), attempt), text);

    private void State(string state) => _door.Work.Rows[0] = _door.Work.Rows[0] with { State = state };

    private Task SeenAsync(int lines) => Eventually.HoldsAsync(
        () =>
        {
            _door.Time.Advance(TimeSpan.FromMilliseconds(500));
            return _run.Lines.Length == lines;
        },
        $"{lines} lines are shown");

    private async Task LookAgainAsync()
    {
        await Eventually.HoldsAsync(() => _door.Time.ArmedTimers > 0, "it waits");
        _door.Time.Advance(TimeSpan.FromMilliseconds(500));
    }
}
