using System.Text.Json;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.OpsCtl.Terminal;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Unit.Agent.Control;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Screens;

/// <summary>--watch against a real door, on a clock that the test moves.</summary>
public sealed class LiveViewTests : IAsyncLifetime
{
    private const string Enter = "\u001b[?1049h\u001b[?25l";
    private const string Leave = "\u001b[?25h\u001b[?1049l";

    private readonly DoorFixture _door = new();
    private readonly FakeTime _time = new(Moments.Start);
    private readonly OpsCtlRun _run = new();
    private readonly CancellationTokenSource _interrupt = new();

    public async Task InitializeAsync()
    {
        await _door.OpenAsync();
        _door.Work.Lanes = [new LaneCounts(new LaneName("fetch"), 4, 0, 2, null)];
        _run.Environment["OPSAGENT_STATE_DIR"] = _door.Folder.FullName;
        _run.Time = _time;
    }

    public Task DisposeAsync() => _door.CloseAsync();

    [Fact]
    public async Task In_a_pipe_each_interval_is_a_block_and_an_empty_line()
    {
        var running = WatchAsync("status", "--watch");
        await BlocksAsync(1);
        _door.Agent.Now = _door.Agent.Now with { State = "DRAINING" };
        await NextAsync(TimeSpan.FromSeconds(2));
        await BlocksAsync(2);

        Assert.Equal(0, await EndAsync(running));
        var blocks = _run.Out.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("state\tREADY\n", blocks[0], StringComparison.Ordinal);
        Assert.Contains("state\tDRAINING\n", blocks[1], StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', _run.Out);
    }

    [Fact]
    public async Task As_json_each_interval_is_a_document_on_a_line_also_on_a_terminal()
    {
        _run.OnTerminal(colors: true);
        var running = WatchAsync("work", "list", "--watch", "--interval", "500ms", "-o", "json");
        await Eventually.HoldsAsync(() => _run.Lines.Length == 1, "a document");
        await NextAsync(TimeSpan.FromMilliseconds(500));
        await Eventually.HoldsAsync(() => _run.Lines.Length == 2, "two documents");

        Assert.Equal(0, await EndAsync(running));
        Assert.All(_run.Lines, static l => Assert.Equal("agent", JsonDocument.Parse(l).RootElement.GetProperty("source").GetString()));
    }

    [Fact]
    public async Task On_a_terminal_it_is_drawn_in_its_place_and_the_last_picture_stays()
    {
        _run.OnTerminal();
        var running = WatchAsync("status", "--watch");
        await PicturesAsync(1);
        Assert.StartsWith(Enter, _run.Out, StringComparison.Ordinal);
        Assert.Contains("state    READY\u001b[K\n", _run.Out, StringComparison.Ordinal);
        Assert.EndsWith("every 2 s; 12:00:00 UTC; Ctrl-C ends it", _run.Out, StringComparison.Ordinal);

        _door.Agent.Now = _door.Agent.Now with { State = "DRAINING" };
        await NextAsync(TimeSpan.FromSeconds(2));
        await PicturesAsync(2);

        Assert.Equal(0, await EndAsync(running));
        var after = _run.Out[(_run.Out.IndexOf(Leave, StringComparison.Ordinal) + Leave.Length)..];
        Assert.Contains("state    DRAINING\n", after, StringComparison.Ordinal);
        Assert.Contains("LANE   RUNNING  SLOTS  QUEUED  OLDEST\n", after, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', after);
    }

    [Fact]
    public async Task The_state_has_its_color_on_a_terminal()
    {
        _run.OnTerminal(colors: true);
        Assert.Equal(0, await _run.RunAsync("status"));
        Assert.Contains("\u001b[32mREADY\u001b[0m", _run.Out, StringComparison.Ordinal);
        Assert.Contains("\u001b[36m2\u001b[0m", _run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dumb_terminal_gets_blocks()
    {
        _run.OnTerminal();
        _run.Environment["TERM"] = "dumb";
        var running = WatchAsync("status", "--watch");
        await Eventually.HoldsAsync(() => _run.Out.EndsWith("-\n\n", StringComparison.Ordinal), () => $"a block:\n{_run.Out}");

        Assert.Equal(0, await EndAsync(running));
        Assert.DoesNotContain('\u001b', _run.Out);
    }

    [Fact]
    public async Task Only_what_fits_is_drawn_and_the_rest_is_counted()
    {
        _door.Work.Rows.AddRange(Enumerable.Range(0, 30).Select(static i => Moments.Row($"r{i}")));
        _run.OnTerminal(rows: 10);
        var running = WatchAsync("work", "list", "--watch");
        await PicturesAsync(1);

        // Ten rows: seven of the table, what is left out, an empty one and the last.
        var picture = _run.Out[(_run.Out.LastIndexOf("\u001b[H", StringComparison.Ordinal) + 3)..].Split('\n');
        Assert.Equal(10, picture.Length);
        Assert.StartsWith("... and 24 more lines", picture[7], StringComparison.Ordinal);
        Assert.StartsWith("every 2 s", picture[9], StringComparison.Ordinal);
        Assert.Equal(0, await EndAsync(running));
        Assert.Contains("r29", _run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_size_is_drawn_at_once()
    {
        _run.OnTerminal(columns: 200);
        var running = WatchAsync("status", "--watch", "--interval", "1h");
        await PicturesAsync(1);
        Assert.Contains("(pid 4711, version 0.1.0)\u001b[K", _run.Out, StringComparison.Ordinal);
        _run.Size = new TerminalSize(44, 50);
        _run.Change(TerminalChange.Resized);
        await PicturesAsync(2);

        Assert.Contains("agent    prodops-agent-test-7 (pid 4711,\u001b[K\n         version 0.1.0)\u001b[K", _run.Out, StringComparison.Ordinal);
        Assert.Equal(0, await EndAsync(running));
    }

    [Fact]
    public async Task Suspended_it_gives_the_terminal_back_and_takes_it_again()
    {
        _run.OnTerminal();
        var running = WatchAsync("status", "--watch", "--interval", "1h");
        await PicturesAsync(1);
        _run.Change(TerminalChange.Suspending);
        Assert.EndsWith(Leave, _run.Out, StringComparison.Ordinal);
        _run.Change(TerminalChange.Resumed);
        await PicturesAsync(2);

        Assert.Contains(Leave + Enter, _run.Out, StringComparison.Ordinal);
        Assert.Equal(0, await EndAsync(running));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_agent_that_goes_is_told_and_waited_for(bool onTerminal)
    {
        if (onTerminal)
        {
            _run.OnTerminal();
        }

        var running = WatchAsync("status", "--watch");
        await ShownAsync(onTerminal, 1);
        await _door.Door!.StopAsync(CancellationToken.None);
        await _door.Door.DisposeAsync();
        await NextAsync(TimeSpan.FromSeconds(2));
        await Eventually.HoldsAsync(() => (onTerminal ? _run.Out : _run.Error).Contains("no agent listens", StringComparison.Ordinal), "it is told");
        await NextAsync(TimeSpan.FromSeconds(2));
        await _door.OpenAsync();
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(2));
                return (onTerminal ? _run.Out : _run.Out + _run.Error).Split("prodops-agent-test-7").Length > 2;
            },
            "the agent is back");

        Assert.Equal(0, await EndAsync(running));
        if (!onTerminal)
        {
            Assert.Equal(2, _run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_first_failure_ends_it(bool onTerminal)
    {
        if (onTerminal)
        {
            _run.OnTerminal();
        }

        Assert.Equal(2, await _run.RunAsync("status", "--watch", "--state-dir", "/nowhere"));
        Assert.Contains("no agent listens at /nowhere/control.sock", _run.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal("", _run.Out);
    }

    [Fact]
    public async Task It_ends_well_when_nobody_reads_any_more()
    {
        var running = WatchAsync("status", "--watch", "--interval", "1h");
        await BlocksAsync(1);
        _run.ReaderGoes();

        Assert.Equal(0, await running.WaitAsync(Eventually.Limit));
    }

    private Task<int> WatchAsync(params string[] arguments) => _run.RunAsync(_interrupt.Token, arguments);

    private async Task<int> EndAsync(Task<int> running)
    {
        await _interrupt.CancelAsync();
        return await running.WaitAsync(Eventually.Limit);
    }

    private async Task NextAsync(TimeSpan interval)
    {
        await Eventually.HoldsAsync(() => _time.ArmedTimers > 0, "the next time is waited for");
        _time.Advance(interval);
    }

    private Task ShownAsync(bool onTerminal, int count) => onTerminal ? PicturesAsync(count) : BlocksAsync(count);

    private Task BlocksAsync(int count) =>
        Eventually.HoldsAsync(() => _run.Out.Split("\n\n").Length == count + 1, () => $"{count} blocks:\n{_run.Out}\n{_run.Error}");

    private Task PicturesAsync(int count) => Eventually.HoldsAsync(
        () => _run.Out.Split("\u001b[H").Length == count + 1 && _run.Out.EndsWith("ends it", StringComparison.Ordinal),
        () => $"{count} pictures:\n{_run.Out}\n{_run.Error}");
}
