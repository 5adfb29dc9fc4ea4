using System.Text.Json;
using OpsAgent.OpsCtl.Doctor.Http;

namespace OpsAgent.OpsCtl.Doctor.Checks;

/// <summary>The production catalogue: asks for the command of a task that there is not, which only a caller it knows is told.</summary>
internal sealed class PcsCheck(DoctorScene scene) : IDoctorCheck
{
    private const string Api = "SWF_MONITOR_URL";
    private static readonly string[] TokenNames = ["SWFMON_TOKEN", "SWF_MONITOR_TOKEN"];

    public string Name => "pcs";

    public async Task RunAsync(Findings findings, CancellationToken stop)
    {
        var environment = scene.Environment;
        if (ServiceAddress.Of(Api, "catalogue", environment, findings) is not { } root
            || ServiceAddress.Token(TokenNames, environment, findings) is not { } token)
        {
            return;
        }

        using var http = scene.Http(environment);
        var probe = new ServiceProbe(http, scene.CallLimit, scene.Time);
        var call = ServiceAddress.Call(root, "pcs/api/prod-tasks/command/?name=opsctl-doctor&fmt=panda");
        var answer = await probe.GetAsync(call, token, withBody: true, stop);
        if (IsAnswer(answer))
        {
            findings.Ok("catalogue", $"{root.Authority} answers, and accepts the token in {Named(environment.Value)}");
        }
        else
        {
            var (line, suggestion) = answer.Trouble(Api, Named(environment.Value));
            findings.Fail("catalogue", line, suggestion);
        }
    }

    private static string Named(Func<string, string?> value) => TokenNames.First(n => value(n) is not null);

    /// <summary>That the task is not known is said by PCS itself, as <c>{"detail": ...}</c>; another server's 404 is not.</summary>
    private static bool IsAnswer(ServiceAnswer answer) =>
        answer.IsOk || (answer is { Failure: null, Status: 404, IsPage: false }
            && answer.Json is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("detail", out _));
}
