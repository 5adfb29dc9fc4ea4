using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Credentials;
using OpsAgent.Doers.Facility.Rucio;
using OpsAgent.OpsCtl.Doctor.Http;

namespace OpsAgent.OpsCtl.Doctor.Checks;

/// <summary>Takes a token of the Rucio that has the job logs, by the proxy, as the fetch does.</summary>
internal sealed class RucioLogsCheck(DoctorScene scene) : IDoctorCheck
{
    public string Name => "rucio";

    public async Task RunAsync(Findings findings, CancellationToken stop)
    {
        const string subject = "logs";
        var environment = scene.Environment;
        try
        {
            var options = RucioOptions.From(environment);
            var path = ProxyFile.PathOf(environment);
            using var proxy = ProxyFile.Load(path, scene);
            using var http = ProxyHttp.Create(proxy, TrustAnchors.OfServices(environment));
            var headers = new List<KeyValuePair<string, string>> { new("X-Rucio-Account", options.Account) };
            if (options.Vo.Length > 0)
            {
                headers.Add(new("X-Rucio-VO", options.Vo));
            }

            var answer = await new ServiceProbe(http, scene.CallLimit, scene.Time)
                .AskAsync(ServiceAddress.Call(options.Url, "auth/x509"), headers, withBody: false, stop);
            RucioToken.Tell(new RucioQuestion(
                subject,
                options.Url,
                "RUCIO_URL",
                $"account {options.Account} by the proxy",
                $"is the proxy's identity one of Rucio's account {options.Account}? (RUCIO_ACCOUNT, RUCIO_VO)"), answer, findings);
        }
        catch (DoerException e) when (e.Exit != DoerExit.Configuration)
        {
            findings.Fail(subject, $"not asked: {e.Message}", "renew the proxy first; see credentials");
        }
    }
}
