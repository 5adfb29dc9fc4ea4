using System.Diagnostics;
using OpsAgent.Agent.Launching;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Launching;

/// <summary>A doer writes in its work folder; what it plants there must not make its agent open anything else, nor wait.</summary>
public sealed class BeneathFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _work;

    public BeneathFolderTests() => _work = Directory.CreateDirectory(_folder.At("work", "r-1")).FullName;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_regular_file_is_opened()
    {
        _folder.Write("work/r-1/stdout", "35001\n");
        using var file = BeneathFolder.OpenRead(_work, "stdout");

        Assert.Equal(6, RandomAccess.GetLength(file!));
        Assert.Null(BeneathFolder.OpenRead(_work, "stderr"));
        Assert.Null(BeneathFolder.OpenRead(_folder.At("work", "none"), "stdout"));
    }

    [Fact]
    public void A_link_is_not_followed_in_the_last_place_nor_as_the_folder()
    {
        var secret = _folder.Write("secret/result.json", """{"exit_code": 0, "result": "SECRET"}""");
        File.CreateSymbolicLink(Path.Combine(_work, DoerResult.FileName), secret);
        Directory.CreateSymbolicLink(_folder.At("work", "r-2"), _folder.At("secret"));

        Assert.Throws<IOException>(() => BeneathFolder.OpenRead(_work, DoerResult.FileName));
        Assert.Throws<IOException>(() => BeneathFolder.OpenReadWrite(_folder.At("work", "r-2"), DoerResult.FileName));
        Assert.Null(DoerResult.TryRead(_work));
        Assert.Null(DoerResult.TryRead(_folder.At("work", "r-2")));
    }

    [Fact]
    public async Task A_pipe_or_a_device_is_not_waited_for()
    {
        using var made = Process.Start("mkfifo", [Path.Combine(_work, DoerResult.FileName)]);
        await made.WaitForExitAsync();
        File.CreateSymbolicLink(Path.Combine(_work, "stdout"), "/dev/zero");
        Directory.CreateDirectory(Path.Combine(_work, "stderr"));

        Assert.Null(await Task.Run(() => DoerResult.TryRead(_work)).WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Throws<IOException>(() => BeneathFolder.OpenRead(_work, "stdout"));
        Assert.Throws<IOException>(() => BeneathFolder.OpenReadWrite(_work, "stderr"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../r-2/stdout")]
    [InlineData("/etc/passwd")]
    [InlineData("stdout\0")]
    public void What_is_not_one_name_opens_nothing(string name)
    {
        _folder.Write("work/r-1/stdout", "");
        _folder.Write("work/r-2/stdout", "");

        Assert.Throws<IOException>(() => BeneathFolder.OpenRead(_work, name));
        Assert.Throws<IOException>(() => BeneathFolder.Has(_work, name));
    }

    [Fact]
    public void A_dangling_link_is_there_all_the_same()
    {
        File.CreateSymbolicLink(Path.Combine(_work, "sandbox"), "/nowhere");

        Assert.True(BeneathFolder.Has(_work, "sandbox"));
        Assert.False(BeneathFolder.Has(_work, "other"));
    }

    [Fact]
    public async Task An_output_file_that_became_a_link_is_neither_read_nor_emptied()
    {
        var other = _folder.Write("secret/ledger", new string('x', 200_000));
        File.CreateSymbolicLink(Path.Combine(_work, "stdout"), other);
        var read = 0L;
        var options = new LaunchingOptions { MaxFileBytes = 64 * 1024 };
        var tail = new FileTail(Path.Combine(_work, "stdout"), options, TimeProvider.System, piece => read += piece.Length, skipped => read += skipped);
        await tail.FollowAsync(Task.CompletedTask);

        Assert.Equal((0, 200_000), (read, new FileInfo(other).Length));
    }
}
