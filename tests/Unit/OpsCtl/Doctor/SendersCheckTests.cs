using OpsAgent.Capabilities;
using OpsAgent.OpsCtl.Doctor;
using OpsAgent.OpsCtl.Doctor.Checks;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Unit.Capabilities;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Doctor;

public sealed class SendersCheckTests : IDisposable
{
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_shutdown_that_is_open_to_all_is_a_warning()
    {
        var found = Assert.Single(await LookAsync(Manifests.Valid("[lane.x]\nslots = 1"), null));

        Assert.Equal(("shutdown", FindingState.Warning), (found.Subject, found.State));
        Assert.Equal(FindingState.Warning, Assert.Single(await LookAsync(null, null)).State);
    }

    [Fact]
    public async Task Each_key_is_told_and_what_keeps_it_from_being_believed()
    {
        _folder.Write("keys/good.key", new string('a', 64), Mine);
        _folder.Write("keys/open.key", new string('a', 64), Mine | UnixFileMode.OtherRead);

        var found = await LookAsync(Manifests.Valid("[message.shutdown]\nsigned = true"), _folder.At("keys"));

        Assert.Equal(
            [("shutdown", FindingState.Ok), ("key good", FindingState.Ok), ("key open", FindingState.Failed)], found.Select(f => (f.Subject, f.State)));
        Assert.Contains("has mode 0604", found[2].Line, StringComparison.Ordinal);
        Assert.DoesNotContain(found, f => f.Line.Contains("aaaa", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_a_failure() =>
        Assert.Equal(FindingState.Failed, (await LookAsync(null, _folder.At("gone")))[1].State);

    private static Task<IReadOnlyList<Finding>> LookAsync(Manifest? manifest, string? keys) =>
        new DoctorUnderTest().LookAsync(scene => new SendersCheck(scene, () => manifest, () => keys));
}
