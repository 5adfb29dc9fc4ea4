using OpsAgent.Tests.Facility.Hosting;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>The monitor is who its certificate says, or it hears nothing.</summary>
[Collection(nameof(Broker))]
public sealed class MonitorTrustTests(Broker broker)
{
    [ServerFact("activemq", "python3-stomp")]
    public async Task A_monitor_that_is_not_trusted_is_told_nothing_and_the_agent_works()
    {
        await using var facility = await FacilityStandIn.StartAsync();
        await using var scene = await Scene.SetAsync(broker, environment: new Dictionary<string, string>
        {
            ["SWF_MONITOR_URL"] = facility.MonitorUrl,
            ["SWF_API_TOKEN"] = facility.Monitor.Token,
            ["REQUESTS_CA_BUNDLE"] = broker.ActiveMq.Certificates.CaFile,
        });
        await scene.Agent.StartAsync();

        Assert.Equal($"prodops-agent-{Environment.UserName}-local", (await scene.PingAsync())["agent"]);
        await scene.Agent.Process.WritesAsync($"the monitor takes no heartbeat, tried on: {facility.MonitorUrl}: ");
        Assert.Empty(facility.Requests.All);
        Assert.DoesNotContain(facility.Monitor.Token, scene.Agent.Process.Output, StringComparison.Ordinal);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task Without_a_monitor_the_agent_says_so_and_works()
    {
        await using var scene = await Scene.SetAsync(broker);
        await scene.Agent.StartAsync();

        await scene.Agent.Process.WritesAsync("no monitor is configured (SWF_MONITOR_URL, SWF_MONITOR_HTTP_URL)");
        Assert.Contains("off: SWF_MONITOR_URL is not set", (await scene.Agent.OpsCtlAsync("status")).Output, StringComparison.Ordinal);
    }
}
