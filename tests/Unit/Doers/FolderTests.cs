using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Files;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers;

public sealed class FolderTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("opsagent-folder-").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public async Task A_reader_finds_a_whole_entry_at_every_moment_of_a_replacement()
    {
        using var root = Folder.OpenRoot(_path);
        using var stop = new CancellationTokenSource();
        Fill(root, "new0");
        root.Publish("new0", "entry");
        var looks = 0;
        var misses = 0;
        var reader = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Interlocked.Increment(ref looks);
                misses += File.Exists(Path.Combine(_path, "entry", ".done")) ? 0 : 1;
            }
        });

        await Eventually.HoldsAsync(() => Volatile.Read(ref looks) > 0, "the reader looks");
        for (var i = 1; i < 200; i++)
        {
            Fill(root, $"new{i}");
            root.Publish($"new{i}", "entry");
        }

        await stop.CancelAsync();
        await reader;
        Assert.Equal(0, misses);
        Assert.Equal(["entry"], Directory.GetFileSystemEntries(_path).Select(Path.GetFileName));
    }

    [Fact]
    public void Removing_a_tree_leaves_what_its_links_point_at()
    {
        using var root = Folder.OpenRoot(_path);
        var kept = Directory.CreateDirectory(Path.Combine(_path, "kept")).FullName;
        File.WriteAllText(Path.Combine(kept, "file"), "x");
        Directory.CreateDirectory(Path.Combine(_path, "tree"));
        Directory.CreateSymbolicLink(Path.Combine(_path, "tree", "link"), kept);
        Directory.CreateSymbolicLink(Path.Combine(_path, "link"), kept);

        root.RemoveTree("tree");
        root.RemoveTree("link");
        root.RemoveTree("never-there");

        Assert.True(File.Exists(Path.Combine(kept, "file")));
        Assert.Single(Directory.GetFileSystemEntries(_path));
    }

    [Fact]
    public void A_link_is_neither_opened_nor_written_through()
    {
        using var root = Folder.OpenRoot(_path);
        var target = Path.Combine(_path, "target");
        File.WriteAllText(target, "x");
        File.CreateSymbolicLink(Path.Combine(_path, "link"), target);

        Assert.Throws<DoerException>(() => root.Open("link"));
        Assert.Throws<DoerException>(() => root.OpenFile("link"));
        Assert.Throws<IOException>(() => root.CreateFile("link", FileModes.ReadableFile));
        Assert.False(root.HasFile("link"));
        Assert.Equal("x", File.ReadAllText(target));
    }

    [Fact]
    public void A_link_to_a_folder_is_not_entered()
    {
        using var root = Folder.OpenRoot(_path);
        Directory.CreateSymbolicLink(Path.Combine(_path, "link"), Directory.CreateDirectory(Path.Combine(_path, "target")).FullName);

        Assert.Throws<DoerException>(() => root.Open("link"));
        Assert.Throws<DoerException>(() => root.OpenOrCreate("link", FileModes.SharedFolder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("..")]
    [InlineData("a/b")]
    public void Only_one_component_is_a_name(string name)
    {
        using var root = Folder.OpenRoot(_path);

        Assert.Throws<ArgumentException>(() => root.Open(name));
        Assert.Throws<ArgumentException>(() => root.RemoveTree(name));
    }

    private static void Fill(Folder root, string name)
    {
        using var folder = root.Create(name, FileModes.SharedFolder);
        folder.CreateFile(".done", FileModes.ReadableFile).Dispose();
    }
}
