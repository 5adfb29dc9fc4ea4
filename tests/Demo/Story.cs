using System.Text.Json.Nodes;

namespace OpsAgent.Tests.Demo;

/// <summary>What is shown: the way of a request, and with a breakage how its failure is told.</summary>
internal sealed class Story(Stage stage, Breakage? breakage, Voice voice, CancellationToken stop)
{
    private const string RequestId = "demo-1";
    private const int LinesShown = 3;

    public async Task TellAsync()
    {
        if (breakage is { OnSmallDisk: true })
        {
            await SmallDisk.CheckAsync(stage.Folder.Cache, stop);
        }

        voice.Step("The facility: a stand-in for Rucio, PCS, the monitor and a storage door");
        await stage.SetUpFacilityAsync();

        voice.Step("The agent, with a broker of its own: opsagent --standalone");
        if (breakage is { OnSmallDisk: true })
        {
            voice.Now($"broken on purpose: {breakage.Told}");
        }

        await stage.SetUpAgentAsync(breakage is { OnSmallDisk: true }, stop);

        voice.Step("Is it there? A ping goes through the broker, and the pong comes back");
        await stage.OpsCtl.ShowAsync(0, stop, "ping", "--count", "3", "--interval", "200ms");

        if (breakage is { OnSmallDisk: false })
        {
            voice.Step($"Broken on purpose: {breakage.Told}");
            await breakage.Break(stage);
        }

        voice.Step("A page asks for the job's payload log");
        await stage.OpsCtl.ShowAsync(breakage is null ? 0 : 1, stop, [.. SendArguments, "--request-id", RequestId, "--wait"]);
        await (breakage is null ? ExpectLogAsync() : ExpectFailureAsync(breakage));

        voice.Step(breakage is null ? "What became of the request? The agent's ledger tells, now and later" : "Why did it fail? The agent's ledger tells, now and later");
        await stage.OpsCtl.ShowAsync(0, stop, "work", "why", RequestId);
        if (breakage is null)
        {
            await new Production(stage, voice, stop).TellAsync();
        }
        else
        {
            voice.Step("The agent itself is well");
            await stage.OpsCtl.ShowAsync(0, stop, "ping", "--count", "1");
        }
    }

    /// <summary>The request, as it is typed.</summary>
    public static IReadOnlyList<string> SendArguments { get; } =
    [
        "send", "fetch_payload_log", $"scope={SampleJob.Scope}", $"lfn={SampleJob.Lfn}", $"jeditaskid={SampleJob.JediTaskId}",
        $"pandaid={SampleJob.PandaId}",
    ];

    private async Task ExpectLogAsync()
    {
        await SettledAsync("ok", exitCode: 0);
        await stage.Page.HearsAsync("payload_log_ready", RequestId, stop);
        var file = Path.Combine(stage.Cache, SampleJob.CacheEntry, "payload.stdout");
        var text = await File.ReadAllTextAsync(file, stop);
        if (text != SampleJob.Stdout)
        {
            throw new SurpriseException($"{file} is not the log that the job wrote");
        }

        voice.Step("The log is in the cache, for the page to show; its first lines");
        voice.Now(file);
        foreach (var line in text.Split('\n').Take(LinesShown))
        {
            voice.Shown(line);
        }
    }

    private async Task ExpectFailureAsync(Breakage expected)
    {
        var reason = await SettledAsync("error", expected.DoerExit);
        if (!reason.Contains(expected.Reason, StringComparison.Ordinal))
        {
            throw new SurpriseException($"the reason given does not say '{expected.Reason}': {reason}");
        }

        var failed = await stage.Page.HearsAsync("payload_log_failed", RequestId, stop);
        if (Page.Text(failed, "reason") != reason)
        {
            throw new SurpriseException($"payload_log_failed gives another reason: {failed.ToJsonString()}");
        }

        voice.Step("The page finds the reason beside where the log would be");
        var entry = Path.Combine(stage.Cache, SampleJob.CacheEntry);
        var marker = Path.Combine(entry, ".error");
        await Patience.ForAsync(() => File.Exists(marker) ? marker : null, $"there is {marker}", stop);
        var text = await File.ReadAllTextAsync(marker, stop);
        voice.Now(marker);
        voice.Shown(text.TrimEnd());
        if (JsonNode.Parse(text)?["last_error"]?.ToString() != reason || File.Exists(Path.Combine(entry, ".done")))
        {
            throw new SurpriseException($"{entry} does not tell the failure as the settlement does: {reason}");
        }
    }

    /// <summary>The settlement's reason, once it is known to be the expected one.</summary>
    private async Task<string> SettledAsync(string outcome, int exitCode)
    {
        var settled = await stage.Page.HearsAsync("ops_request_settled", RequestId, stop);
        var shown = JsonNode.Parse(await stage.OpsCtl.ReadAsync(stop, "work", "show", RequestId, "-o", "json"))!["request"]!;
        if (Page.Text(settled, "outcome") != outcome || (int?)shown["exit_code"] != exitCode)
        {
            throw new SurpriseException($"the doer was to end with {exitCode} and the request with {outcome}: {shown.ToJsonString()}");
        }

        if (exitCode != 0)
        {
            voice.Now($"payload-log ended with {exitCode}: {Page.Text(settled, "reason")}");
        }

        return Page.Text(settled, "reason");
    }
}
