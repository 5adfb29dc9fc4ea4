using OpsAgent.Doers.Facility.Doors;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers;

public sealed class ChildGroupTests
{
    private static readonly Dictionary<string, string> Environment = new() { ["MARK"] = "seen" };

    [Fact]
    public async Task Exit_code_environment_and_last_lines_come_back()
    {
        var end = await Run("echo out; echo $MARK >&2; printf 'a\\033[31mb' >&2; exit 7", CancellationToken.None);

        Assert.Equal(7, end.ExitCode);
        Assert.Equal(["seen", "a?[31mb"], end.Errors);
    }

    [Fact]
    public async Task A_flood_of_output_neither_blocks_nor_fills_memory()
    {
        var end = await Run("head -c 3000000 /dev/zero; seq 1 20000 >&2", CancellationToken.None);

        Assert.Equal(0, end.ExitCode);
        Assert.Equal(20, end.Errors.Count);
        Assert.Equal("20000", end.Errors[^1]);
    }

    [Fact]
    public async Task A_secret_is_hidden_before_its_line_is_cut()
    {
        var secret = new string('s', 4000);

        var end = await Run(
            $"echo {secret} at the end >&2; printf '%20000s {secret}' x | tr ' ' '-' >&2; printf '%16380s {secret}' x >&2",
            CancellationToken.None,
            line => line.Replace(secret, "…", StringComparison.Ordinal));

        Assert.Equal("… at the end", end.Errors[0]);
        Assert.DoesNotContain(end.Errors, l => l.Contains("ss", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_left_running_is_ended_and_not_waited_for()
    {
        var file = Path.GetTempFileName();

        var end = await Run($"sleep 1000 & echo $! > {file}; exit 3", CancellationToken.None);

        Assert.Equal(3, end.ExitCode);
        await AssertGoneAsync(file);
    }

    [Fact]
    public async Task Cancelling_ends_all_of_it_even_what_ignores_sigterm()
    {
        var file = Path.GetTempFileName();
        using var stop = new CancellationTokenSource();
        var run = Run($"trap '' TERM; sleep 1000 & echo $! > {file}; wait; sleep 1000", stop.Token);
        await Eventually.HoldsAsync(() => File.ReadAllText(file).EndsWith('\n'), "the child has started its own");

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await AssertGoneAsync(file);
    }

    [Fact]
    public async Task It_reads_its_input_and_all_that_it_writes_is_taken()
    {
        using var taken = new MemoryStream();
        var command = Shell("cat; head -c 1000000 /dev/zero") with
        {
            Input = "told\n",
            Output = async (output, stop) => await output.CopyToAsync(taken, stop),
        };

        var end = await ChildGroup.RunAsync(command, TimeProvider.System, CancellationToken.None);

        Assert.Equal(0, end.ExitCode);
        Assert.Equal(1_000_005, taken.Length);
        Assert.Equal("told\n"u8.ToArray(), taken.ToArray()[..5]);
    }

    [Fact]
    public async Task It_is_ended_when_nobody_takes_what_it_writes()
    {
        var file = Path.GetTempFileName();
        var command = Shell($"echo $$ > {file}; cat /dev/zero") with
        {
            Output = async (output, stop) =>
            {
                await output.ReadExactlyAsync(new byte[1], stop);
                throw new InvalidDataException("enough");
            },
        };

        await Assert.ThrowsAsync<InvalidDataException>(() => ChildGroup.RunAsync(command, TimeProvider.System, CancellationToken.None));

        await AssertGoneAsync(file);
    }

    private static Task<ChildEnd> Run(string script, CancellationToken stop, Func<string, string>? hide = null) =>
        ChildGroup.RunAsync(Shell(script) with { Hide = hide ?? (line => line) }, TimeProvider.System, stop);

    private static GroupCommand Shell(string script) => new("/bin/sh", ["-c", script]) { Environment = Environment };

    private static async Task AssertGoneAsync(string file)
    {
        var pid = int.Parse(await File.ReadAllTextAsync(file));
        File.Delete(file);
        await Eventually.HoldsAsync(() => !Lives(pid), $"{pid} is gone");
    }

    private static bool Lives(int pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
