using OpsAgent.OpsCtl.Doctor.Checks;
using OpsAgent.Tests.Unit.Capabilities;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Doctor;

public sealed class ConfinementTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("sandbox = {}\n", "sandbox")]
    [InlineData("sandbox = {}\nlimits = { files = 64 }\n", "sandbox limits")]
    public async Task What_makes_sandboxes_and_limits_is_looked_for_where_a_capability_asks_for_it(string keys, string looked)
    {
        var manifest = Manifests.Valid($"{Manifests.Head}doer = [\"act\"]\ntimeout = \"5s\"\n{keys}");
        var findings = await new DoctorUnderTest().LookAsync(scene => new ProgramsCheck(scene, "/nonexistent/setup.sh", () => manifest));

        Assert.Equal(looked, string.Join(' ', findings.Select(static f => f.Subject).Where(static s => s is "sandbox" or "limits")));
    }
}
