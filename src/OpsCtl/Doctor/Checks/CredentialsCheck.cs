using System.Globalization;
using OpsAgent.Capabilities;
using OpsAgent.Doers.Facility;
using OpsAgent.OpsCtl.Doctor.Credentials;

namespace OpsAgent.OpsCtl.Doctor.Checks;

/// <summary>Each credential: there, readable by the right users only, and how long it lives. Nothing is asked of any service.</summary>
/// <param name="scene">What is looked at.</param>
/// <param name="lent">The variables of credentials that the manifest's capabilities are lent.</param>
/// <param name="declared">The manifest's credentials; null: none.</param>
internal sealed class CredentialsCheck(DoctorScene scene, Func<IReadOnlySet<string>> lent, Func<IReadOnlyList<CredentialDefinition>>? declared = null)
    : IDoctorCheck
{
    public const string CheckName = "credentials";

    private const string WarnDaysName = "CREDENTIAL_EXPIRY_WARN_DAYS";
    private const string OutputProxy = "EVGEN_X509_PROXY";
    private const string RenewProxy = "renew it with voms-proxy-init as the service's user, mode 0600 or 0640";

    public string Name => CheckName;

    public Task RunAsync(Findings findings, CancellationToken stop)
    {
        var days = WarnDays(findings);
        var token = new CredentialJudge("panda_oidc_token", "sign in again with the panda client as the service's user", days);
        IReadOnlyList<Finding> facility =
        [
            PandaTokenFile.Look(PandaTokenFile.PathOf(scene.Environment, scene.Surroundings.HomeFolder), scene.User, token, scene.Time),
            Proxy(new CredentialJudge("bnl_rucio_proxy", RenewProxy, days), ProxyFile.Variable, isNeeded: true),
            Proxy(new CredentialJudge("evgen_output_proxy", RenewProxy, days), OutputProxy, lent().Contains(OutputProxy)),
        ];
        foreach (var finding in facility.Concat(new DeclaredCredentials(scene, declared?.Invoke() ?? []).Beside(facility, days)))
        {
            findings.Add(finding);
        }

        return Task.CompletedTask;
    }

    private Finding Proxy(CredentialJudge judge, string variable, bool isNeeded)
    {
        if (scene.Environment.Value(variable) is not { } path)
        {
            return judge.Unset(variable, isNeeded);
        }

        if (!Path.IsPathFullyQualified(path))
        {
            return judge.Bad(CredentialStatus.Unreadable, path, "is no absolute path", $"write the whole path into {variable}");
        }

        try
        {
            using var proxy = ProxyFile.Load(path, scene);
            return judge.Lives(path, proxy.Ends, scene.Time.GetUtcNow());
        }
        catch (DoerException e)
        {
            return judge.Unusable(path, e);
        }
    }

    private double WarnDays(Findings findings)
    {
        const int otherwise = 7;
        if (scene.Environment.Value(WarnDaysName) is not { } text)
        {
            return otherwise;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var days) && days <= 3650)
        {
            return days;
        }

        findings.Warn(
            "window", $"{WarnDaysName} is '{OneLine.Of(text, 40)}'; {otherwise} days are taken", $"set {WarnDaysName} to a number of days");
        return otherwise;
    }
}
