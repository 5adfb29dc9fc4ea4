using System.Globalization;
using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Credentials;
using OpsAgent.Doers.Facility;

namespace OpsAgent.OpsCtl.Doctor.Credentials;

/// <summary>Looks at the panda client's token as the agent's gate does: its file must be this user's and nobody else's.</summary>
internal static class PandaTokenFile
{
    private const int GroupMayRead = 0x1A0; // 0640
    private const string Renewal = "; the client renews it by its refresh token, as long as that is good";

    /// <summary>Where the client keeps it.</summary>
    public static string PathOf(DoerEnvironment environment, string home) =>
        Path.Combine(environment.Value("PANDA_CONFIG_ROOT") ?? Path.Combine(home, ".pathena"), ".token");

    /// <param name="path">The file.</param>
    /// <param name="user">Whose it must be; null: anybody's.</param>
    /// <param name="judge">Words the finding.</param>
    /// <param name="time">The clock.</param>
    public static Finding Look(string path, uint? user, CredentialJudge judge, TimeProvider time)
    {
        var token = new CredentialDefinition(judge.Name, null)
        {
            Kind = CredentialKind.OidcToken,
            Path = path,
            Owners = user is { } who ? [who.ToString(CultureInfo.InvariantCulture)] : [],
            ModeMax = GroupMayRead,
            Follow = true,
        };
        var verdict = new Capabilities.Credentials.CredentialJudge(new Dictionary<string, string>(), user, time).Judge(token);
        return verdict.Ends is { } ends && verdict.State is CredentialState.Good or CredentialState.Expired
            ? judge.Lives(path, verdict.Ends!.Value, time.GetUtcNow(), verdict.IsRenewable ? Renewal : "")
            : Unusable(verdict, judge, path);
    }

    // The agent's unit shows it the folder that was there when it started, and its home is read-only.
    private static string Unmade(CredentialVerdict verdict, string path) =>
        verdict.Credential.Kind == CredentialKind.OidcToken && Path.GetDirectoryName(path) is { Length: > 0 } folder && !Directory.Exists(folder)
            ? $"; first, as that user, mkdir -m 0700 {folder}, and start the agent again: under its unit the client can't make it" : "";

    /// <summary>What the shared judge does not lend, in doctor's words.</summary>
    public static Finding Unusable(CredentialVerdict verdict, CredentialJudge judge, string path)
    {
        var what = verdict.Problem.StartsWith(path, StringComparison.Ordinal) ? verdict.Problem[path.Length..].TrimStart() : verdict.Problem;
        return verdict.State switch
        {
            CredentialState.Missing => judge.Bad(CredentialStatus.Missing, path, what, judge.Renew + Unmade(verdict, path)),
            CredentialState.Exposed => judge.Bad(
                CredentialStatus.Exposed, path, what, $"chmod 0600 {path}, and let it belong to the user that uses it: ls -l {path}"),
            CredentialState.Expired => judge.Bad(CredentialStatus.Expired, path, what, judge.Renew),
            CredentialState.Short => judge.Bad(CredentialStatus.Expiring, path, what, judge.Renew),
            _ => judge.Bad(CredentialStatus.Unreadable, path, what, judge.Renew),
        };
    }
}
