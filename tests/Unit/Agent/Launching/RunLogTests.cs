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
            var log = writer.Begin(Id, 1, "doer, pid 7")!;
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
    public void Of_what_is_too_much_the_first_and_the_last_part_are_kept_and_the_gap_is_told()
    {
        (_options.RunLogHeadBytes, _options.RunLogTailBytes) = (10_000, 5_000);
        using (var writer = Writer())
        {
            var log = writer.Begin(Id, 1, "doer")!;
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
    public async Task A_disk_that_takes_nothing_fails_no_run_and_what_it_cost_is_counted_and_told()
    {
        // A file is where the folder should be: whoever runs the test, nothing can be made below it.
        await File.WriteAllTextAsync(_options.RunLogFolder, "");
        using (var writer = Writer())
        {
            var log = writer.Begin(Id, 1, "doer")!;
            log.PushStdout("one\ntwo\n"u8);
            await Eventually.HoldsAsync(() => writer.Dropped == 2, "both are counted");
            File.Delete(_options.RunLogFolder);

            log.PushStdout("three\n"u8);
            log.Complete();
        }

        Assert.Equal(
            ["agent 2 lines could not be written", "out three", "agent end of output"],
            Text(1).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => l[25..]));
    }

    [Fact]
    public void The_oldest_go_when_there_is_too_much_and_all_go_with_age_but_never_one_that_is_written()
    {
        Directory.CreateDirectory(_options.RunLogFolder);
        var now = _time.GetUtcNow();
        string[] files = [Make("old", 100, now.AddDays(-15)), Make("a", 400, now.AddDays(-3)), Make("b", 400, now.AddDays(-2)), Make("c", 400, now)];
        var room = new RunLogRoom(_options.RunLogFolder, 1_000, TimeSpan.FromDays(14), _time);
        room.Wrote(files[1], 1);

        room.Tidy();

        Assert.Equal([false, true, false, true], files.Select(File.Exists));
        Assert.False(room.IsDue);
        room.Wrote(files[3], 5_000);
        room.Closed(files[1]);
        Assert.True(room.IsDue);

        File.SetLastWriteTimeUtc(files[1], now.AddDays(-20).UtcDateTime);
        room.Tidy();
        Assert.Equal([false, false, false, true], files.Select(File.Exists));
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
        var path = Path.Combine(_options.RunLogFolder, $"{name}.log");
        File.WriteAllBytes(path, new byte[size]);
        File.SetLastWriteTimeUtc(path, at.UtcDateTime);
        return path;
    }

    private RunLogWriter Writer() => new(Options.Create(_options), Folder, _time, NullLogger<RunLogWriter>.Instance);

    private string Text(int attempt) => File.ReadAllText(Folder.FileOf(Id, attempt));
}
