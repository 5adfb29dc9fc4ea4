using OpsAgent.Doers.Facility.Files;
using OpsAgent.OpsCtl.Doctor;
using OpsAgent.OpsCtl.Doctor.Checks;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Doctor;

public sealed class FolderTests : IDisposable
{
    private const long Gibibyte = 1L << 30;

    private readonly DoctorUnderTest _test = new();
    private readonly TemporaryFolder _folder = new();

    public FolderTests()
    {
        UnixMode.Set(_folder.Path, "0755");
        Directory.CreateDirectory(_folder.At("tmp"));
        _test.Environment["SWF_TMP_DIR"] = _folder.At("tmp");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("2775", "0755", "Ok", "mode 02775")]
    [InlineData("0755", "0755", "Warning", "without setgid")]
    [InlineData("2777", "0755", "Warning", "everybody may write")]
    [InlineData("2770", "0755", "Failed", "the web server, another user, can't read it")]
    [InlineData("2775", "0700", "Failed", "can't pass")]
    public async Task The_cache_is_for_the_web_server_to_read_and_for_its_group_to_write(string mode, string above, string state, string line)
    {
        UnixMode.Set(_folder.At("tmp"), mode);
        UnixMode.Set(_folder.Path, above);

        var found = Assert.Single(await CacheAsync(), static f => f.Subject == "folder");

        Assert.Equal((state, true), ($"{found.State}", found.Line.Contains(line, StringComparison.Ordinal)));
        Assert.Contains($"belongs to {Environment.UserName}:", found.Line, StringComparison.Ordinal);
        Assert.Equal(state == "Ok", found.Suggestion is null);
    }

    [Fact]
    public async Task A_cache_that_is_not_there_is_a_failure()
    {
        _test.Environment["SWF_TMP_DIR"] = _folder.At("nowhere");

        Assert.Equal(FindingState.Failed, Assert.Single(await CacheAsync()).State);
    }

    [Theory]
    [InlineData(100, 1000, "Ok", "100.0 GiB free of 1000.0 GiB (10 %)")]
    [InlineData(9, 100, "Warning", "9.0 GiB free")]
    [InlineData(40, 1000, "Warning", "(4 %)")]
    [InlineData(0, 0, "Warning", "0.0 GiB")]
    public void A_disk_that_is_nearly_full_is_a_warning(long free, long size, string state, string line)
    {
        var findings = new Findings("cache");

        FolderFacts.Judge(free * Gibibyte, size * Gibibyte, 10 * Gibibyte, findings);

        var found = Assert.Single(findings.All);
        Assert.Equal((state, true), ($"{found.State}", found.Line.Contains(line, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("0750", "Ok")]
    [InlineData("0755", "Warning")]
    public async Task The_state_folder_is_nobody_elses(string mode, string state)
    {
        UnixMode.Set(_folder.At("tmp"), mode);

        Assert.Equal(state, $"{Assert.Single(await StateAsync("tmp"), static f => f.Subject == "folder").State}");
        Assert.Equal(FindingState.Warning, Assert.Single(await StateAsync("nowhere")).State);
    }

    [Fact]
    public void Owner_group_and_mode_are_those_of_the_file_system()
    {
        var status = FileStatus.Of("/")!.Value;

        Assert.True(status.IsFolder);
        Assert.StartsWith("belongs to root:root, mode 0", FolderFacts.Of(status), StringComparison.Ordinal);
        Assert.Null(FileStatus.Of(_folder.At("nowhere")));
    }

    [Fact]
    public void Users_are_found_by_name_and_number()
    {
        Assert.Equal(new Account("root", 0, 0, "/root"), Accounts.Find("root"));
        Assert.Null(Accounts.Find("nobody-of-that-name"));
        Assert.Equal("root", Accounts.NameOf(0));
        Assert.Equal("3999999999", Accounts.NameOf(3_999_999_999));
    }

    private Task<IReadOnlyList<Finding>> CacheAsync() => _test.LookAsync(static s => new CacheCheck(s));

    private Task<IReadOnlyList<Finding>> StateAsync(string name) => _test.LookAsync(s => new StateCheck(s, _folder.At(name)));
}
