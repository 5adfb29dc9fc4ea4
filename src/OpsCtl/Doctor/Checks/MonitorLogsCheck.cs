using OpsAgent.OpsCtl.Doctor.Http;

namespace OpsAgent.OpsCtl.Doctor.Checks;

/// <summary>
/// Where log lines and action records go, if that is elsewhere than the registry. No token is needed there, and nothing is written.
/// </summary>
internal sealed class MonitorLogsCheck(DoctorScene scene) : IDoctorCheck
{
    private const string Api = "SWF_MONITOR_URL";
    private const string Streams = "SWF_MONITOR_HTTP_URL";

    public string Name => "monitor";

    public async Task RunAsync(Findings findings, CancellationToken stop)
    {
        var environment = scene.Environment;
        if (environment.Value(Streams) is not { } text || text.TrimEnd('/') == environment.Value(Api)?.TrimEnd('/')
            || ServiceAddress.Of(Streams, "logs", environment, findings) is not { } streams)
        {
            return; // it is the registry's, or was told why it can't be
        }

        using var http = scene.Http(environment);
        var answer = await new ServiceProbe(http, scene.CallLimit, scene.Time)
            .GetAsync(ServiceAddress.Call(streams, "api/systemagents/"), token: null, withBody: true, stop);
        if (!answer.IsOk)
        {
            var (line, suggestion) = answer.Trouble(Streams, token: null);
            findings.Fail("logs", line, suggestion);
        }
        else if (AgentRows.Of(answer.Json) is null)
        {
            findings.Fail("logs", $"{streams.Authority} answers with no JSON list", $"is {Streams} the monitor's address, with its path?");
        }
        else
        {
            findings.Ok("logs", $"{streams.Authority} answers; log lines and action records go there");
        }
    }
}
