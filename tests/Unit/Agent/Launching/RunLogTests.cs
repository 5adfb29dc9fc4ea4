using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Launching;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Launching;

[SupportedOSPlatform("linux")]
public sealed class RunLogTests : IDisposable
{
    private static readonly RequestId Id = new("nightly:2026.1");
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("runlogs");
    private readonly FakeTime _time = new();
    private readonly LaunchingOptions _options;

    public RunLogTests() => _options = new LaunchingOptions { RunLogFolder = Path.Combine(_root.FullName, "logs") };

    private RunLogFolder Folder => new(_options.RunLogFolder);

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void Each_line_has_its_time_and_stream_and_only_the_owner_may_read_it()
    {
        using (var writer = Writer())
        {
            var log = writer.Begin(Run(Id.Value, 1), "doer, pid 7")!;
            log.PushStdout("half "u8);
            _time.Advance(TimeSpan.FromSeconds(1));
            log.PushStderr("ERROR: no\n"u8);
            log.PushStdout("a line\nno end"u8);
            log.Complete();
            log.PushStdout("too late\n"u8);
            log.Complete();
        }

        Assert.Equal(
            """
            2026-01-01T00:00:00.000Z agent doer, pid 7
            2026-01-01T00:00:01.000Z err ERROR: no
            2026-01-01T00:00:01.000Z out half a line
            2026-01-01T00:00:01.000Z out no end
            2026-01-01T00:00:01.000Z agent end of output

            """,
            Text(1));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Folder.FileOf(Id, 1)));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_options.RunLogFolder));
    }

    [Fact]
    public void What_was_not_read_is_told_and_half_lines_around_it_are_not_one_line()
    {
        using (var writer = Writer())
        {
            var log = writer.Begin(Run(Id.Value, 1), "doer")!;
            log.PushStdout("first\nhal"u8);
            log.SkipStdout(1_000);
            log.SkipStdout(234);
            log.PushStdout("f\nlast\n"u8);
            log.Complete();
            log.SkipStdout(1);
        }

        Assert.Equal(
            """
            2026-01-01T00:00:00.000Z agent doer
            2026-01-01T00:00:00.000Z out first
            2026-01-01T00:00:00.000Z out hal
            2026-01-01T00:00:00.000Z agent 1234 bytes more were printed faster than they could be read
            2026-01-01T00:00:00.000Z out f
            2026-01-01T00:00:00.000Z out last
            2026-01-01T00:00:00.000Z agent end of output

            """,
            Text(1));
    }

    [Fact]
    public void Of_what_is_too_much_the_first_and_the_last_part_are_kept_and_the_gap_is_told()
    {
        (_options.RunLogHeadBytes, _options.RunLogTailBytes) = (10_000, 5_000);
        using (var writer = Writer())
        {
            var log = writer.Begin(Run(Id.Value, 1), "doer")!;
            for (var i = 0; i < 100_000; i++)
            {
                log.PushStdout(Encoding.ASCII.GetBytes($"line {i:000000}\n"));
            }

            log.Complete();
        }

        var lines = Text(1).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(new FileInfo(Folder.FileOf(Id, 1)).Length, 12_000, 16_000);
        var gap = Array.FindIndex(lines, static l => l.Contains("are left out here", StringComparison.Ordinal));
        var first = Number(lines[gap - 1]);
        var last = Number(lines[gap + 1]);
        Assert.Contains($" agent {last - first - 1} lines (", lines[gap], StringComparison.Ordinal);
        Assert.Equal((0, 99_999), (Number(lines[1]), Number(lines[^2])));

        static int Number(string line) => int.Parse(line[^6..], CultureInfo.InvariantCulture);
    }

    [Fact]
    public void A_look_up_adds_to_the_log_of_its_attempt_and_takes_nothing_from_it()
    {
        using (var writer = Writer())
        {
            var log = writer.Begin(Run(Id.Value, 2), "doer, pid 7")!;
            log.PushStdout("the work\n"u8);
            log.Complete();
            for (var i = 0; i < 2; i++)
            {
                var look = writer.Begin(Run(Id.Value, 2) with { IsLookUp = true }, "look-up after attempt 2: asks, pid 8")!;
                look.PushStdout("not found\n"u8);
                look.Complete();
            }
        }

        string[] looked = ["agent look-up after attempt 2: asks, pid 8", "out not found", "agent end of output"];
        Assert.Equal(["agent doer, pid 7", "out the work", "agent end of output", .. looked, .. looked], Lines(2));
    }

    [Fact]
    public void Look_ups_for_a_day_take_no_more_than_as_much_again_as_their_attempt()
    {
        (_options.RunLogHeadBytes, _options.RunLogTailBytes) = (50_000, 50_000);
        using (var writer = Writer())
        {
            writer.Begin(Run(Id.Value, 1), "doer, pid 7")!.Complete();
            for (var i = 0; i < 100; i++)
            {
                var look = writer.Begin(Run(Id.Value, 1) with { IsLookUp = true }, $"look-up {i}")!;
                for (var line = 0; line < 10_000; line++)
                {
                    look.PushStdout("not found, and here is why\n"u8);
                }

                look.Complete();
            }
        }

        Assert.Equal("agent doer, pid 7", Lines(1)[0]);
        Assert.InRange(new FileInfo(Folder.FileOf(Id, 1)).Length, 200_000, 220_000);
        Assert.Equal("agent end of output", Lines(1)[^1]);
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_fails_no_run_and_what_it_cost_is_counted_and_told()
    {
        // A file is where the folder should be: whoever runs the test, nothing can be made below it.
        await File.WriteAllTextAsync(_options.RunLogFolder, "");
        using (var writer = Writer())
        {
            var log = writer.Begin(Run(Id.Value, 1), "doer")!;
            log.PushStdout("one\ntwo\n"u8);
            await Eventually.HoldsAsync(() => writer.Dropped == 2, "both are counted");
            File.Delete(_options.RunLogFolder);

            log.PushStdout("three\n"u8);
            log.Complete();
        }

        Assert.Equal(
            ["agent 2 lines could not be written", "out three", "agent end of output"],
            Lines(1));
    }

    [Fact]
    public void The_oldest_go_when_there_is_too_much_but_never_one_that_is_written()
    {
        Directory.CreateDirectory(_options.RunLogFolder);
        var now = _time.GetUtcNow();
        string[] files = [Make("a", 4_000, now.AddDays(-3)), Make("b", 4_000, now.AddDays(-2)), Make("c", 4_000, now)];
        var room = Room(maxBytes: 2 * RunLogRoom.Block + 1_000);
        room.Wrote(files[0], 4_000);

        room.Tidy();

        Assert.Equal([true, false, true], files.Select(File.Exists));
        Assert.False(room.IsDue);
        room.Closed(files[0]);
        room.Wrote(files[2], 50_000);
        Assert.True(room.IsDue);
    }

    [Fact]
    public void A_small_file_counts_as_the_block_that_it_takes()
    {
        Directory.CreateDirectory(_options.RunLogFolder);
        var room = Room(maxBytes: 10 * RunLogRoom.Block);
        room.Tidy();
        for (var i = 0; i < 11; i++)
        {
            Assert.False(room.IsDue);
            room.Wrote(Make($"r{i:00}.1", 1, _time.GetUtcNow().AddSeconds(i)), 1);
            room.Closed(Name($"r{i:00}.1"));
        }

        Assert.True(room.IsDue);
        room.Tidy();

        Assert.Equal(9, Directory.GetFiles(_options.RunLogFolder).Length);
        Assert.False(File.Exists(Name("r01.1")));
    }

    [Fact]
    public void However_small_they_are_there_are_only_so_many_files_while_it_is_written_without_a_pause()
    {
        (_options.RunLogsMaxFiles, _options.RunLogHeadBytes) = (100, 1_000);
        using (var writer = Writer())
        {
            for (var i = 0; i < 1_000; i++)
            {
                writer.Begin(Run($"r{i}", 1), "doer")!.Complete();
            }
        }

        Assert.InRange(Directory.GetFiles(_options.RunLogFolder).Length, 80, 101);
        Assert.True(File.Exists(Name("r999.1")));
    }

    [Fact]
    public void What_is_written_and_can_t_go_does_not_make_each_line_read_the_folder()
    {
        Directory.CreateDirectory(_options.RunLogFolder);
        var file = Make("a.1", 20_000, _time.GetUtcNow());
        var room = Room(maxBytes: 10_000);
        room.Wrote(file, 20_000);
        Assert.True(room.IsDue);

        room.Tidy();

        Assert.True(File.Exists(file));
        Assert.False(room.IsDue);
    }

    [Fact]
    public void What_is_too_old_goes_once_the_agent_has_run_for_an_hour()
    {
        Directory.CreateDirectory(_options.RunLogFolder);
        var now = _time.GetUtcNow();
        string[] files = [Make("old", 1, now.AddDays(-15)), Make("a", 1, now.AddDays(-13)), Make("b", 1, now)];
        var room = Room();
        room.Tidy();
        Assert.All(files, f => Assert.True(File.Exists(f)));

        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(room.IsDue);
        room.Tidy();

        Assert.Equal([false, true, true], files.Select(File.Exists));
    }

    [Fact]
    public void A_clock_that_leaps_far_ahead_costs_no_more_than_the_older_half_in_an_hour()
    {
        Directory.CreateDirectory(_options.RunLogFolder);
        var now = _time.GetUtcNow();
        var files = Enumerable.Range(0, 10).Select(i => Make($"r{i}.1", 1, now.AddMinutes(i - 10))).ToList();
        var room = Room();
        room.Tidy();
        _time.Advance(TimeSpan.FromHours(1));
        _time.Jump(TimeSpan.FromDays(400));

        room.Tidy();
        room.Tidy();

        Assert.Equal(files[5..], files.Where(File.Exists));
        _time.Jump(TimeSpan.FromDays(-400));
        _time.Advance(TimeSpan.FromHours(1));
        room.Tidy();
        Assert.Equal(files[5..], files.Where(File.Exists));
    }

    [Fact]
    public void Attempts_of_a_request_are_told_from_those_of_another_that_begins_alike()
    {
        Directory.CreateDirectory(_options.RunLogFolder);
        foreach (var name in new[] { "a.2", "a.10", "a.1.3", "b.1", "a.x", "ab.1" })
        {
            Make(name, 1, _time.GetUtcNow());
        }

        Assert.Equal([2, 10], Folder.Attempts(new RequestId("a")));
        Assert.Equal([3], Folder.Attempts(new RequestId("a.1")));
        Assert.Empty(Folder.Attempts(new RequestId("c")));
    }

    [Fact]
    public void Where_it_is_known_how_many_attempts_there_were_the_folder_is_not_listed()
    {
        Directory.CreateDirectory(_options.RunLogFolder);
        foreach (var name in new[] { "a.2", "a.10", "a.11", "a.90" })
        {
            Make(name, 1, _time.GetUtcNow());
        }

        // The one after the last known may have begun since; what is far beyond is found by a listing only.
        Assert.Equal([2, 10, 11], Folder.Attempts(new RequestId("a"), 10));
        Assert.Equal([90], Folder.Attempts(new RequestId("a"), 150));
        Assert.Equal([2, 10, 11, 90], Folder.Attempts(new RequestId("a")));
        Assert.Empty(Folder.Attempts(new RequestId("c"), 3));
    }

    [Fact]
    public void A_file_is_read_on_by_whole_lines()
    {
        Directory.CreateDirectory(_options.RunLogFolder);
        File.WriteAllText(Folder.FileOf(Id, 1), "one\ntwo\nthr");

        Assert.Equal("one\n", Encoding.UTF8.GetString(Folder.Read(Id, 1, 0, 7, out var next).Span));
        Assert.Equal("two\n", Encoding.UTF8.GetString(Folder.Read(Id, 1, next, 100, out next).Span));
        Assert.True(Folder.Read(Id, 1, next, 100, out _).IsEmpty);
        Assert.Equal(8, next);
    }

    private string Make(string name, int size, DateTimeOffset at)
    {
        var path = Name(name);
        File.WriteAllBytes(path, new byte[size]);
        File.SetLastWriteTimeUtc(path, at.UtcDateTime);
        return path;
    }

    private string Name(string name) => Path.Combine(_options.RunLogFolder, $"{name}.log");

    private RunLogRoom Room(long maxBytes = 1_000_000) =>
        new(_options.RunLogFolder, maxBytes, maxFiles: 20_000, TimeSpan.FromDays(14), _time);

    private static RunContext Run(string id, int attempt) => new()
    {
        RequestId = new RequestId(id),
        MsgType = new MsgType("test"),
        Attempt = attempt,
        Plan = new DoerPlan { Program = "doer", Timeout = TimeSpan.FromMinutes(1) },
    };

    private RunLogWriter Writer() => new(Options.Create(_options), Folder, _time, NullLogger<RunLogWriter>.Instance);

    private List<string> Lines(int attempt) =>
        [.. Text(attempt).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => l[25..])];

    private string Text(int attempt) => File.ReadAllText(Folder.FileOf(Id, attempt));
}
