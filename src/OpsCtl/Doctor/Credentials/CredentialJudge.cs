using OpsAgent.Doers.Facility;

namespace OpsAgent.OpsCtl.Doctor.Credentials;

/// <summary>What is said of a credential, whichever it is.</summary>
/// <param name="Name">The facility's name for it.</param>
/// <param name="Renew">How to get a new one.</param>
/// <param name="WarnDays">The warning window.</param>
internal sealed record CredentialJudge(string Name, string Renew, double WarnDays)
{
    /// <summary>By when it ends.</summary>
    public Finding Lives(string path, DateTimeOffset ends, DateTimeOffset now, string also = "")
    {
        var days = Math.Floor((ends - now).TotalDays * 10) / 10;
        var at = ends.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        return (ends - now).TotalDays switch
        {
            <= 0 => Bad(CredentialStatus.Expired, path, $"expired at {at}{also}", Renew, days),
            var left when left <= WarnDays => Make(
                FindingState.Warning, CredentialStatus.Expiring, path, $"{path} ends in {days:0.0} days, at {at}{also}", Renew, days),
            _ => Make(FindingState.Ok, CredentialStatus.Ok, path, $"{path} ends in {days:0.0} days, at {at}{also}", null, days),
        };
    }

    /// <summary>It is there, and has no end.</summary>
    public Finding Good(string path) => Make(FindingState.Ok, CredentialStatus.Ok, path, $"{path} is there", null);

    /// <summary>By why it can't be used; what is wrong is told with the file's path.</summary>
    public Finding Unusable(string path, DoerException e) => e.Exit switch
    {
        DoerExit.ProxyMissing => Bad(CredentialStatus.Missing, path, "does not exist", Renew),
        DoerExit.ProxyExpired => Make(FindingState.Failed, CredentialStatus.Expired, path, e.Message, Renew),
        DoerExit.ProxyExposed => Make(
            FindingState.Failed, CredentialStatus.Exposed, path, e.Message,
            $"chmod 0600 {path}, and let it belong to the user that uses it"),
        _ => Make(FindingState.Failed, CredentialStatus.Unreadable, path, e.Message, Renew),
    };

    /// <summary>Fails, with the file's path before the line.</summary>
    public Finding Bad(string status, string path, string what, string suggestion, double? days = null) =>
        Make(FindingState.Failed, status, path, $"{path} {what}", suggestion, days);

    /// <summary>No file is named.</summary>
    public Finding Unset(string variable, bool isNeeded) => isNeeded
        ? Make(FindingState.Warning, CredentialStatus.Unset, null, $"{variable} is not set", $"set {variable} to the file's path")
        : Make(FindingState.Ok, CredentialStatus.Unset, null, $"{variable} is not set, and no capability needs it", null);

    private Finding Make(FindingState state, string status, string? path, string line, string? suggestion, double? days = null) =>
        new(Checks.CredentialsCheck.CheckName, Name, state, line, suggestion) { Credential = new CredentialFacts(path, status, days) };
}
