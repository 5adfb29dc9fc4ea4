using OpsAgent.Doers.Facility.Rucio;
using OpsAgent.OpsCtl.Doctor.Http;

namespace OpsAgent.OpsCtl.Doctor.Checks;

/// <summary>Takes a token of the Rucio that has the campaigns' outputs, by name and password, over verified TLS.</summary>
internal sealed class RucioOutputsCheck(DoctorScene scene) : IDoctorCheck
{
    public string Name => "rucio";

    public async Task RunAsync(Findings findings, CancellationToken stop)
    {
        var options = RucioOptions.OfOutputs(scene.Environment, scene.CallLimit);
        using var http = scene.Http(scene.Environment);
        var answer = await new ServiceProbe(http, scene.CallLimit, scene.Time).AskAsync(
            ServiceAddress.Call(options.Url, "auth/userpass"),
            [
                new("X-Rucio-Account", options.Account),
                new("X-Rucio-Username", options.User!.Name),
                new("X-Rucio-Password", options.User.Password),
            ],
            withBody: false,
            stop);
        RucioToken.Tell(new RucioQuestion(
            "outputs",
            options.Url,
            "JLAB_RUCIO_URL",
            $"account {options.Account} by name and password",
            "correct JLAB_RUCIO_ACCOUNT, JLAB_RUCIO_USERNAME, JLAB_RUCIO_PASSWORD"), answer, findings);
    }
}
