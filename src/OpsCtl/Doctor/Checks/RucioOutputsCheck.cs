using OpsAgent.OpsCtl.Doctor.Http;

namespace OpsAgent.OpsCtl.Doctor.Checks;

/// <summary>Takes a token of the Rucio that has the campaigns' outputs, by name and password, over verified TLS.</summary>
internal sealed class RucioOutputsCheck(DoctorScene scene) : IDoctorCheck
{
    private const string ReadOnlyUser = "eicread"; // the facility's public account

    public string Name => "rucio";

    public async Task RunAsync(Findings findings, CancellationToken stop)
    {
        var environment = scene.Environment;
        var url = environment.HttpsBase("JLAB_RUCIO_URL", "https://rucio-server.jlab.org:443");
        var account = environment.Value("JLAB_RUCIO_ACCOUNT") ?? ReadOnlyUser;
        using var http = scene.Http(environment);
        var answer = await new ServiceProbe(http, scene.CallLimit, scene.Time).AskAsync(
            ServiceAddress.Call(url, "auth/userpass"),
            [
                new("X-Rucio-Account", account),
                new("X-Rucio-Username", environment.Value("JLAB_RUCIO_USERNAME") ?? ReadOnlyUser),
                new("X-Rucio-Password", environment.Value("JLAB_RUCIO_PASSWORD") ?? ReadOnlyUser),
            ],
            withBody: false,
            stop);
        RucioToken.Tell(new RucioQuestion(
            "outputs",
            url,
            "JLAB_RUCIO_URL",
            $"account {account} by name and password",
            "correct JLAB_RUCIO_ACCOUNT, JLAB_RUCIO_USERNAME, JLAB_RUCIO_PASSWORD"), answer, findings);
    }
}
