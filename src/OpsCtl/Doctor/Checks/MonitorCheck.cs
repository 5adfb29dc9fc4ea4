using OpsAgent.OpsCtl.Doctor.Http;

namespace OpsAgent.OpsCtl.Doctor.Checks;

/// <summary>The monitor: its registry, read by everybody, and whether it accepts the agent's token.</summary>
internal sealed class MonitorCheck(DoctorScene scene, Func<string> agentNamespace) : IDoctorCheck
{
    private const string Registry = "api/systemagents/";
    private const string Api = "SWF_MONITOR_URL";
    private const string TokenName = "SWF_API_TOKEN";

    public string Name => "monitor";

    public async Task RunAsync(Findings findings, CancellationToken stop)
    {
        var environment = scene.Environment;
        if (ServiceAddress.Of(Api, "registry", environment, findings) is not { } root)
        {
            return;
        }

        using var http = scene.Http(environment);
        var probe = new ServiceProbe(http, scene.CallLimit, scene.Time);
        var token = ServiceAddress.Token([TokenName], environment, findings);

        // Both at once: each may take its whole limit.
        var registry = probe.GetAsync(ServiceAddress.Call(root, Registry), token: null, withBody: true, stop);
        var stream = token is null ? null : probe.GetAsync(ServiceAddress.Call(root, "api/messages/stream/"), token, withBody: false, stop);

        Tell(root, await registry, findings);
        if (stream is not null)
        {
            TellToken(await stream, findings);
        }
    }

    private void Tell(Uri root, ServiceAnswer answer, Findings findings)
    {
        if (!answer.IsOk)
        {
            var (line, suggestion) = answer.Trouble(Api, token: null);
            findings.Fail("registry", line, suggestion);
        }
        else if (AgentRows.Of(answer.Json) is { } rows)
        {
            findings.Ok("registry", $"{root.Authority} answers, {rows.Count} agents in its registry");
            AgentRows.Tell(rows, agentNamespace(), scene.Time.GetUtcNow(), findings);
        }
        else
        {
            findings.Fail("registry", "the registry's answer is no JSON list", $"is {Api} the monitor's address, with its path?");
        }
    }

    private static void TellToken(ServiceAnswer answer, Findings findings)
    {
        if (answer.IsOk)
        {
            findings.Ok("token", $"{TokenName} is accepted");
        }
        else
        {
            var (line, suggestion) = answer.Trouble(Api, TokenName);
            findings.Fail("token", answer.IsRefusal ? $"{TokenName} is {line}" : line, suggestion);
        }
    }
}
