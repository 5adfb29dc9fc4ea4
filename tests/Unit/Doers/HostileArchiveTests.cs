using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Files;
using OpsAgent.Doers.PayloadLog.Archive;
using OpsAgent.Tests.Support.Docs;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers;

/// <summary>Each hostile tarball gets what the page says, and leaves nothing but its logs.</summary>
public sealed class HostileArchiveTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("opsagent-hostile-").FullName;

    public static TheoryData<string> Names => [.. HostileArchives.All.Keys];

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_hostile_tarball_gets_what_it_should(string name)
    {
        var (make, exit) = HostileArchives.All[name];

        var failure = Record.Exception(() => Extract(make()));

        Assert.True(exit == (failure as DoerException)?.Exit && (exit is null) == (failure is null), $"{failure}");
        var left = Directory.GetFileSystemEntries(_path, "*", SearchOption.AllDirectories).Select(f => new FileInfo(f)).Where(f => f.Name != "folder").ToList();
        Assert.All(left, f => Assert.Contains(f.Name, LogMember.Wanted));
        Assert.All(left, f => Assert.Equal(FileAttributes.Normal, f.Attributes));
        if (exit is null)
        {
            Assert.Equal("x", File.ReadAllText(Path.Combine(_path, "folder", "payload.stdout"))[..1]);
        }
        else
        {
            Assert.DoesNotContain(failure!.Message, char.IsControl);
            Assert.DoesNotContain("\u202e", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_page_has_each_with_what_it_gets()
    {
        var rows = MarkdownPage.Read("docs/security.md").Section("Tarballs and streams").Tables[0];

        Assert.Equal(
            HostileArchives.All.Select(a => $"{a.Key}: {(a.Value.Exit is { } exit ? $"refused, {(int)exit}" : "its logs")}"),
            rows.Select(r => $"{r[0]}: {r[1]}"));
    }

    private void Extract(byte[] packed)
    {
        using var folder = Folder.OpenRoot(Directory.CreateDirectory(Path.Combine(_path, "folder")).FullName);
        using var stream = new MemoryStream(packed);
        LogArchive.Extract(stream, folder, ArchiveLimits.Default, CancellationToken.None);
    }
}
