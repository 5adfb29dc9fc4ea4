using System.Text.Json.Nodes;
using OpsAgent.Tests.Facility.Hosting;
using OpsAgent.Tests.Facility.Pcs;
using OpsAgent.Tests.Facility.Rucio;
using OpsAgent.Tests.Facility.Samples;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>A snapshot by the published agent and doer, asked for over ActiveMQ.</summary>
[Collection(nameof(Broker))]
public sealed class RucioSnapshotTests(Broker broker)
{
    [ServerFact("activemq", "python3-stomp")]
    public async Task A_snapshot_is_taken_from_request_to_event_and_a_failed_one_says_why()
    {
        await using var facility = await FacilityStandIn.StartAsync();
        TwoCampaigns.Fill(facility);
        await using var scene = await Scene.SetAsync(broker, environment: new Dictionary<string, string>
        {
            ["JLAB_RUCIO_URL"] = facility.Url,
            ["SWF_MONITOR_URL"] = facility.Url + PcsCatalog.Prefix,
            ["SWFMON_TOKEN"] = facility.Pcs.Token,
            ["REQUESTS_CA_BUNDLE"] = facility.Credentials.AuthorityPath,
        });
        await scene.Agent.StartAsync();

        await scene.SendAsync("""{"msg_type":"rucio_snapshot_update","namespace":"prodops","created_by":"alice","request_id":"snap-1"}""");

        var settled = await scene.SettlesAsync("snap-1");
        Assert.True(settled["outcome"] == "ok", $"{settled.Body}\n{scene.Agent.Process.Output}");
        var ready = await scene.Listener.ReceivesAsync(static m => m["msg_type"] == "rucio_snapshot_ready", "rucio_snapshot_ready");
        Assert.True((bool)JsonNode.Parse(ready.Body)!["ok"]!);
        Assert.Equal(
            2, facility.Pcs.Tasks.Single(static t => t.ComposedName == TwoCampaigns.Dis).Overrides["outputs"]!.AsArray().Count);
        var folder = Path.Combine(scene.Agent.CacheFolder, "rucio-snapshots");
        var current = Path.Combine(folder, "current-26.02.json");
        Assert.Equal(6, Directory.GetFiles(folder).Length);
        var snapshot = await File.ReadAllTextAsync(current);

        facility.Outputs.FaultAt("dids/search", new RucioFault { Body = "<html>", ContentType = "text/html" });
        await scene.SendAsync("""{"msg_type":"rucio_snapshot_update","request_id":"snap-2"}""");
        await scene.SettlesAsync("snap-2");

        var failed = await scene.Listener.ReceivesAsync(
            static m => m["msg_type"] == "rucio_snapshot_ready" && !(bool)JsonNode.Parse(m.Body)!["ok"]!, "the failure");
        Assert.Contains("answered with HTML", failed["error"], StringComparison.Ordinal);
        Assert.Equal(snapshot, await File.ReadAllTextAsync(current));
    }
}
