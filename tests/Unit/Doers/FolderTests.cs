using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Files;
using OpsAgent.Tests.Support;
using Xunit;
using Posix = OpsAgent.Doers.Facility.Files.Posix;

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
        Assert.Throws<DoerException>(() => root.OpenRegular("link", Posix.ReadOnly, 0));
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

    [Fact]
    public async Task Folders_swapped_for_links_while_a_tree_is_removed_lead_nowhere_else()
    {
        const int Folders = 200;
        using var root = Folder.OpenRoot(_path);
        var kept = Directory.CreateDirectory(Path.Combine(_path, "kept")).FullName;
        for (var i = 0; i < 50; i++)
        {
            File.WriteAllText(Path.Combine(kept, $"file{i}"), "x");
        }

        for (var round = 0; round < 5; round++)
        {
            var tree = Directory.CreateDirectory(Path.Combine(_path, "tree")).FullName;
            var links = Directory.CreateDirectory(Path.Combine(_path, "links")).FullName;
            for (var i = 0; i < Folders; i++)
            {
                File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(tree, $"{i}")).FullName, "file"), "x");
                Directory.CreateSymbolicLink(Path.Combine(links, $"{i}"), kept);
            }

            await RemoveWhileSwappedAsync(root, "tree", "links", Folders);
            root.RemoveTree("links");
        }

        Assert.Equal(50, Directory.GetFiles(kept).Length);
        Assert.Equal(["kept"], Directory.GetFileSystemEntries(_path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_tree_that_lies_too_deep_is_refused_and_no_descriptor_is_left()
    {
        using var root = Folder.OpenRoot(_path);
        Directory.CreateDirectory(Path.Combine(_path, string.Join('/', Enumerable.Repeat("d", 100))));

        var failure = Assert.Throws<DoerException>(() => root.RemoveTree("d"));

        Assert.EndsWith("lies too deep", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(
            Directory.GetFiles("/proc/self/fd"), fd => new FileInfo(fd).LinkTarget?.StartsWith(_path + "/d", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public void Emptying_leaves_the_folder_itself()
    {
        using var root = Folder.OpenRoot(_path);
        Directory.CreateDirectory(Path.Combine(_path, "a", "b"));
        File.WriteAllText(Path.Combine(_path, "a", "b", ".hidden"), "x");

        root.Empty();

        Assert.Empty(Directory.GetFileSystemEntries(_path));
    }

    [Fact]
    public void A_planted_pipe_is_neither_waited_for_nor_taken_for_a_file()
    {
        using var root = Folder.OpenRoot(_path);
        MakePipe("pipe");

        Assert.Equal(DoerExit.NotPermitted, Assert.Throws<DoerException>(() => root.OpenRegular("pipe", Posix.ReadOnly, 0)).Exit);
        Assert.Equal(DoerExit.NotPermitted, Assert.Throws<DoerException>(() => root.OpenRegular("pipe", Posix.ReadWrite | Posix.Create, 0)).Exit);
        Assert.Throws<DoerException>(() => root.Open("pipe"));
        Assert.Throws<IOException>(() => root.CreateFile("pipe", FileModes.ReadableFile));
        Assert.False(root.HasFile("pipe"));

        root.RemoveTree("pipe");

        Assert.Empty(Directory.GetFileSystemEntries(_path));
    }

    [Fact]
    public void A_pipe_planted_as_a_lock_is_refused_and_not_waited_for()
    {
        using var root = Folder.OpenRoot(_path);
        Directory.CreateDirectory(Path.Combine(_path, ".locks"));
        MakePipe($".locks/kind-{RunLock.HashOf("key")}");

        var failure = Assert.Throws<DoerException>(() => RunLock.Take(root, "kind", "key", TimeProvider.System));

        Assert.Equal(DoerExit.NotPermitted, failure.Exit);
        Assert.EndsWith("no regular file", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_open_file_itself_is_removed_by_its_name()
    {
        using var root = Folder.OpenRoot(_path);
        using var own = root.CreateFile("own", FileModes.PrivateFile);
        File.WriteAllText(Path.Combine(_path, "others"), "x");
        own.WriteByte(1);

        Assert.False(root.RemoveFile("others", own));
        Assert.False(root.RemoveFile("none", own));
        Assert.True(root.RemoveFile("own", own));
        Assert.Equal(["others"], Directory.GetFileSystemEntries(_path).Select(Path.GetFileName));
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

    /// <summary>Removes a tree whose folders change places with links, over and over, until it is gone.</summary>
    private static async Task RemoveWhileSwappedAsync(Folder root, string tree, string links, int folders)
    {
        using var stop = new CancellationTokenSource();
        using var inTree = root.Open(tree)!;
        using var inLinks = root.Open(links)!;
        var swaps = 0;
        var swapper = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                for (var i = folders - 1; i >= 0; i--)
                {
                    swaps += Posix.RenameAt(inTree.Handle, $"{i}", inLinks.Handle, $"{i}", Posix.RenameExchange) == 0 ? 1 : 0;
                }
            }
        });
        await Eventually.HoldsAsync(() => Volatile.Read(ref swaps) > folders, "folders are swapped");
        for (var gone = false; !gone;)
        {
            try
            {
                root.RemoveTree(tree);
                gone = true;
            }
            catch (Exception e) when (e is DoerException or IOException or UnauthorizedAccessException)
            {
                // Refused in the middle of a swap: what is left is removed the next time.
            }
        }

        await stop.CancelAsync();
        await swapper;
    }

    private void MakePipe(string name)
    {
        using var made = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(_path, name)]);
        made.WaitForExit();
    }

    private static void Fill(Folder root, string name)
    {
        using var folder = root.Create(name, FileModes.SharedFolder);
        folder.CreateFile(".done", FileModes.ReadableFile).Dispose();
    }
}
