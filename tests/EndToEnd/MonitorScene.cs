using System.Text.Json.Nodes;
using OpsAgent.Tests.Facility.Hosting;
using OpsAgent.Tests.Facility.Monitor;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>An agent with a monitor.</summary>
internal static class MonitorScene
{
    /// <summary>Sets a scene whose <c>note</c> and <c>complain</c> have action records; the latter fails and says why on stderr.</summary>
    public static Task<Scene> SetAsync(Broker broker, FacilityStandIn facility) => Scene.SetAsync(
        broker,
        Manifest,
        new Dictionary<string, string>
        {
            ["SWF_MONITOR_URL"] = facility.MonitorUrl,
            ["SWF_API_TOKEN"] = facility.Monitor.Token,
            ["REQUESTS_CA_BUNDLE"] = facility.Credentials.AuthorityPath,
        });

    /// <summary>The agent's only row in the registry; null as long as there is none.</summary>
    public static JsonObject? Row(FacilityStandIn facility) => facility.Monitor.Registry.Rows.SingleOrDefault();

    /// <summary>Waits for a state of the agent in the registry.</summary>
    public static Task<JsonObject> ShowsAsync(Scene scene, FacilityStandIn facility, string state, string status) =>
        Eventually.IsAsync(
            () => Row(facility) is { } row && (string?)row["operational_state"] == state && (string?)row["status"] == status ? row : null,
            () => $"{state} and {status} in the registry; it has {Row(facility)?.ToJsonString()}; the agent wrote:\n{scene.Agent.Process.Output}");

    /// <summary>Waits for an action record.</summary>
    public static Task<JsonObject> RecordsAsync(Scene scene, FacilityStandIn facility, string message) =>
        Eventually.IsAsync(
            () => facility.Monitor.Records.FirstOrDefault(r => (string?)r["message"] == message),
            () => $"the record '{message}' among:\n{string.Join('\n', facility.Monitor.Records.Select(static r => (string?)r["message"]))}\n{scene.Agent.Process.Output}");

    private static string Manifest(TemporaryFolder folder)
    {
        const UnixFileMode Program = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var complain = folder.Write("complain", "#!/bin/sh\necho first >&2\necho \"ERROR: no use $1\" >&2\nexit 3\n", Program);
        return $$"""
            {{Manifests.Small(folder)}}

            [capability.note.record]
            action       = "noted_it"
            subject_type = "number"
            subject_key  = "{n}"
            sublevel     = "high"
            live_default = true
            extra        = { said = "{last_line}" }

            [capability.complain]
            description = "fail, and say why"
            doer        = ["{{complain}}", "{n}"]
            timeout     = "20s"
            lane        = "quick"

            [capability.complain.fields]
            n = { type = "id", required = true }

            [capability.complain.record]
            action       = "complained"
            subject_type = "number"
            subject_key  = "{n}"
            """;
    }
}
