using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OpsAgent.Tests.Facility.Hosting;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.FullManifest;

/// <summary>
/// agents/prodops-full.toml with the published agent: the facility's present scripts are stood in for by one that records what it was
/// given. All requests go to one agent; none may be lost, and each is looked at.
/// </summary>
public sealed partial class FullManifestTests
{
    private const string Release = "/opt/swf-monitor/current";
    private const string Login = "full";
    private const string Events = "/topic/epictopic";
    private const string Settlements = "/topic/epicprod.ops.settled";

    private static readonly string[] OfAgent = ["sender", "namespace", "event_id", "request_id"];

    [ServerFact("python3-stomp")]
    public async Task Each_type_starts_its_script_with_the_facility_s_arguments_and_tells_what_came_of_it()
    {
        using var folder = new TemporaryFolder();
        await using var facility = await FacilityStandIn.StartAsync();
        await using var agent = Agent(folder, facility);
        await agent.StartAsync();
        var there = new StompPyEndpoint(int.Parse(Listens().Match(agent.Process.Output).Groups[1].ValueSpan), Login, Login);
        await using var listener = await StompPyListener.StartAsync(there, Events, Settlements);
        (FullCase Case, string Id)[] all = [.. FullCases.All.Select((c, i) => (c, $"full-{i}"))];
        foreach (var (one, id) in all)
        {
            await File.WriteAllTextAsync(Path.Combine(agent.CacheFolder, $"{id}.out"), one.Prints);
            await File.WriteAllTextAsync(Path.Combine(agent.CacheFolder, $"{id}.code"), $"{one.ExitCode}");

            // One after the other: many of them are the same work as the one before.
            await StompPySender.SendAsync(there, "/queue/epicprod.ops", [one.Body(id)]);
            await listener.ReceivesAsync(
                m => m.Destination == Settlements && m["request_id"] == id, () => $"the settlement of {one}; the agent wrote:\n{agent.Process.Output}");
        }

        Assert.All(all, pair => AssertRan(pair.Case, pair.Id, agent, folder.At("release")));
        Assert.All(all, pair => AssertTold(pair.Case, pair.Id, listener));
        await Eventually.HoldsAsync(
            () => facility.Monitor.Records.Count >= all.Count(pair => pair.Case.Record is not null), () => $"all records; there are {facility.Monitor.Records.Count}");
        Assert.Equal(
            all.Where(pair => pair.Case.Record is not null).Select(pair => Said(JsonNode.Parse(pair.Case.Record!)!.AsObject())),
            facility.Monitor.Records.Select(row => Said(row["extra_data"]!.AsObject())));
    }

    private static AgentUnderTest Agent(TemporaryFolder folder, FacilityStandIn facility)
    {
        var release = Directory.CreateDirectory(folder.At("release/venv/bin")).Parent!.Parent!.FullName;
        folder.Write("release/venv/bin/python", """
            #!/bin/sh
            for argument in "$@"; do printf '%s\n' "$argument"; done > "$SWF_TMP_DIR/$OPSAGENT_REQUEST_ID.argv"
            code=$(cat "$SWF_TMP_DIR/$OPSAGENT_REQUEST_ID.code")
            [ "$code" = 0 ] || echo "ERROR: the script says why" >&2
            cat "$SWF_TMP_DIR/$OPSAGENT_REQUEST_ID.out"
            exit "$code"

            """, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var text = File.ReadAllText(Path.Combine(Repository.Root, "agents", "prodops-full.toml"));
        Assert.Contains(Release, text, StringComparison.Ordinal);
        var environment = new Dictionary<string, string>
        {
            ["ACTIVEMQ_PORT"] = "0",
            ["ACTIVEMQ_USER"] = Login,
            ["ACTIVEMQ_PASSWORD"] = Login,
            ["SWF_MONITOR_URL"] = facility.Url + Facility.Monitor.MonitorStandIn.BasePath,
            ["SWF_MONITOR_HTTP_URL"] = facility.Url + Facility.Monitor.MonitorStandIn.BasePath,
            ["SWF_API_TOKEN"] = facility.Monitor.Token,
            ["REQUESTS_CA_BUNDLE"] = facility.Credentials.AuthorityPath,
            ["EVGEN_X509_PROXY"] = facility.Credentials.ProxyPath,
        };
        return new AgentUnderTest(
            folder, environment, "--standalone", "--config", folder.Write("full.toml", text.Replace(Release, release, StringComparison.Ordinal)));
    }

    private static void AssertRan(FullCase one, string id, AgentUnderTest agent, string release)
    {
        var given = File.ReadAllLines(Path.Combine(agent.CacheFolder, $"{id}.argv"));
        Assert.Equal(
            (one, string.Join('\n', one.Arguments.Select(a => a.Replace("{root}", release, StringComparison.Ordinal)))),
            (one, IsoTime().Replace(string.Join('\n', given), "{now}")));
    }

    private static void AssertTold(FullCase one, string id, StompPyListener listener)
    {
        var told = listener.Messages.Where(m => m["request_id"] == id).ToList();
        Assert.Equal((one, one.Outcome), (one, Assert.Single(told, m => m.Destination == Settlements)["outcome"]));
        var events = told.Where(m => m.Destination == Events).Select(m => JsonNode.Parse(m.Body.GetRawText())!.AsObject()).ToList();
        if (one.Event is null)
        {
            Assert.Empty(events);
            return;
        }

        var event_ = Assert.Single(events);
        Assert.All(OfAgent, name => Assert.True(event_.Remove(name), $"{name} is missing"));
        Assert.Equal((one, Sorted(JsonNode.Parse(one.Event)!.AsObject())), (one, Sorted(event_)));
    }

    /// <summary>What a record says: without what differs from run to run, and without members that say nothing.</summary>
    private static string Said(JsonObject record) => Sorted(new JsonObject(record
        .Where(member => member.Key != "duration_ms" && member.Value is not null && member.Value.ToString().Length > 0)
        .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))));

    private static string Sorted(JsonObject value) => string.Join(", ", value
        .OrderBy(member => member.Key, StringComparer.Ordinal)
        .Select(member => $"{member.Key}={member.Value?.ToJsonString() ?? "null"}"));

    [GeneratedRegex(@"listens on 127\.0\.0\.1:(\d+);")]
    private static partial Regex Listens();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00")]
    private static partial Regex IsoTime();
}
