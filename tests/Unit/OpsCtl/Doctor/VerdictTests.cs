using OpsAgent.OpsCtl.Doctor;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Doctor;

public sealed class VerdictTests
{
    [Theory]
    [InlineData(0, "broker ok", "cache warning", "credentials ok")]
    [InlineData(1, "broker failed", "credentials ok")]
    [InlineData(3, "broker ok", "credentials warning")]
    [InlineData(3, "broker failed", "credentials warning")]
    [InlineData(4, "credentials warning", "credentials failed", "broker ok")]
    [InlineData(4, "broker failed", "credentials failed")]
    [InlineData(0)]
    public void Credentials_decide_first_then_anything_that_failed(int exitCode, params string[] findings) =>
        Assert.Equal(exitCode, DoctorVerdict.ExitCodeOf([.. findings.Select(Of)]));

    private static Finding Of(string text)
    {
        var (check, state, _) = text.Split(' ') switch { var w => (w[0], w[1], 0) };
        return new Finding(check, "x", Enum.Parse<FindingState>(state, ignoreCase: true), "line");
    }
}
