using OpsAgent.OpsCtl.Doctor.Checks;

namespace OpsAgent.OpsCtl.Doctor;

/// <summary>The exit code of all findings together.</summary>
internal static class DoctorVerdict
{
    /// <summary>
    /// Credentials come first, because that is what a nightly job acts on: <see cref="ExitCode.CredentialBad"/>, then
    /// <see cref="ExitCode.CredentialEnds"/>, then <see cref="ExitCode.Negative"/> for anything else that failed.
    /// </summary>
    public static int ExitCodeOf(IReadOnlyList<Finding> findings)
    {
        var credentials = findings.Where(static f => f.Check == CredentialsCheck.CheckName).ToList();
        if (credentials.Exists(static f => f.State == FindingState.Failed))
        {
            return ExitCode.CredentialBad;
        }

        if (credentials.Exists(static f => f.State == FindingState.Warning))
        {
            return ExitCode.CredentialEnds;
        }

        return findings.Any(static f => f.State == FindingState.Failed) ? ExitCode.Negative : ExitCode.Ok;
    }
}
