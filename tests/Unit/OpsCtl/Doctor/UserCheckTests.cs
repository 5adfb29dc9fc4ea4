using OpsAgent.OpsCtl.Doctor;
using OpsAgent.OpsCtl.Doctor.Checks;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Doctor;

public sealed class UserCheckTests : IDisposable
{
    private const uint Stranger = 64_322;

    private readonly DoctorUnderTest _test = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0600", "")]
    [InlineData("0640", "")]
    [InlineData("0644", "Warning")]
    [InlineData("0602", "Warning")]
    public async Task A_file_with_secrets_that_everybody_may_read_or_write_is_told_of_with_what_to_do(string mode, string state)
    {
        var (settings, key) = (_folder.Write("production.env", "A=b\n"), _folder.Write("broker.key", "key"));
        foreach (var (subject, file) in new[] { ("environment file", settings), ("broker's key", key) })
        {
            UnixMode.Set(settings, "0600");
            UnixMode.Set(key, "0600");
            UnixMode.Set(file, mode);
            var found = await FoundAsync(_test.Scene.User, settings, key);

            Assert.Equal(state, string.Join(' ', found.Select(static f => $"{f.State}")));
            Assert.All(found, f => Assert.Equal((subject, $"chmod o= {file}"), (f.Subject, f.Suggestion)));
        }
    }

    [Fact]
    public async Task The_environment_file_of_somebody_else_is_told_of_and_root_s_is_not()
    {
        var settings = _folder.Write("production.env", "A=b\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var own = OpsAgent.Doers.Facility.Files.FileStatus.Of(settings)!.Value.Owner;

        Assert.Empty(await FoundAsync(own, settings, null));
        Assert.Equal(own != 0, (await FoundAsync(Stranger, settings, null)).Any());
        if (FileOwner.TryGiveAway(settings))
        {
            var finding = Assert.Single(await FoundAsync(Stranger, settings, null));
            Assert.Equal(FindingState.Warning, finding.State);
            Assert.Contains($"belongs to {FileOwner.Other}, neither to this user nor to root", finding.Line, StringComparison.Ordinal);
            Assert.Empty(await FoundAsync(FileOwner.Other, settings, null));
        }
    }

    [Fact]
    public async Task Without_such_files_nothing_is_said_of_them() =>
        Assert.Empty(await FoundAsync(Stranger, null, _folder.At("missing")));

    private async Task<IReadOnlyList<Finding>> FoundAsync(uint? user, string? settings, string? key)
    {
        _test.Environment["ACTIVEMQ_SSL_KEY_FILE"] = key ?? "";
        var all = await _test.LookAsync(scene => new UserCheck(scene with { User = user }, [], settings));
        return [.. all.Where(static f => f.Subject != "account")];
    }
}
