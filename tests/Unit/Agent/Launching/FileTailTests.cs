using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Agent.Launching;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Launching;

/// <summary>Where a file is not read from its beginning, or not all of it: nothing of a credential, no hole, and no line too few.</summary>
public sealed class FileTailTests : IDisposable
{
    private const int Beginnings = 5000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("tail-").FullName;

    private string File => Path.Combine(_folder, "stdout");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_file_that_is_one_hole_has_no_output()
    {
        // Of whole blocks: else the kernel keeps the last one, and that is another case.
        Write(Lines(204_800));
        Punch();

        Assert.Equal("", await ReadAsync(new LaunchingOptions()));
    }

    [Fact]
    public async Task What_is_written_at_the_moment_that_reading_begins_is_not_skipped()
    {
        for (var i = 0; i < Beginnings; i++)
        {
            using var file = System.IO.File.OpenHandle(File, FileMode.Create, FileAccess.ReadWrite);
            var doer = Task.Run(() => RandomAccess.Write(file, "35001\n"u8, 0));
            while (!doer.IsCompleted)
            {
                Assert.Equal(0, FileTail.FirstData(file));
            }

            await doer;
        }
    }

    [Fact]
    public async Task Behind_a_hole_neither_its_last_bytes_nor_half_a_line_are_read()
    {
        Write(Lines(200_001));
        Punch();
        Write("half\n35001\n");

        Assert.Equal("35001\n", await ReadAsync(new LaunchingOptions()));
    }

    [Fact]
    public async Task Of_what_was_freed_at_a_lines_end_the_next_reader_misses_no_line()
    {
        Write(Lines(200_000));
        var end = new TaskCompletionSource();
        var former = new FileTail(File, new LaunchingOptions { MaxFileBytes = 64 * 1024 }, TimeProvider.System, static _ => { }, static _ => { });
        var following = former.FollowAsync(end.Task);
        await Eventually.HoldsAsync(() => FirstData() > 0, "the former agent frees what it has read");
        end.SetResult();
        await following.WaitAsync(Limit);
        Write("35001\n");

        Assert.Equal("35001\n", await ReadAsync(new LaunchingOptions()));
    }

    [Fact]
    public async Task A_key_that_begins_in_what_is_skipped_is_taken_out_of_what_is_read()
    {
        var line = Convert.ToBase64String(new byte[48]);
        Write(Lines(1_000_000));
        Write($"-----BEGIN PRIVATE KEY-----\n{string.Concat(Enumerable.Repeat(line + "\n", 150))}-----END PRIVATE KEY-----\n35001\n");

        var shown = await ReadAsync(new LaunchingOptions
        {
            OutputBytesPerSecond = 64 * 1024, MaxFileBytes = 64 * 1024, RunLogHeadBytes = 0, RunLogTailBytes = 4096, StdoutTailBytes = 4096,
        });

        Assert.DoesNotContain("AAAA", shown, StringComparison.Ordinal);
        Assert.EndsWith("[redacted]\n35001\n", shown, StringComparison.Ordinal);
    }

    private static string Lines(int bytes) => string.Concat(Enumerable.Repeat("a line\n", (bytes / 7) + 1))[..(bytes - 1)] + "\n";

    private async Task<string> ReadAsync(LaunchingOptions options)
    {
        var stderr = new StderrRelay(NullLogger.Instance, "doer", options);
        using var output = new DoerOutput(TimeProvider.System, options, stderr, log: null, new OutputFiles(File, Path.Combine(_folder, "stderr")));
        await output.FinishAsync(Limit);
        return output.Stdout;
    }

    private void Write(string text) => System.IO.File.AppendAllText(File, text);

    private void Punch()
    {
        using var file = System.IO.File.OpenHandle(File, FileMode.Open, FileAccess.ReadWrite);
        Assert.Equal(0, Native.Allocate(file, Native.AllocateKeepSizeAndPunchHole, 0, RandomAccess.GetLength(file)));
    }

    private long FirstData()
    {
        using var file = System.IO.File.OpenHandle(File);
        return Native.Seek(file, 0, Native.SeekData);
    }
}
