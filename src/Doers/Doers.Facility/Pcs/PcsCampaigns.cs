using System.Text.Json;

namespace OpsAgent.Doers.Facility.Pcs;

/// <summary>Campaigns in the production catalogue's REST. Failures are <see cref="PcsException"/>.</summary>
public sealed class PcsCampaigns(HttpClient http, PcsOptions options, DoerLog log, TimeProvider time)
{
    private readonly PcsRest _rest = new(http, options, log, time);

    /// <summary>The campaigns that are current or producing.</summary>
    public async Task<IReadOnlyList<string>> TargetsAsync(CancellationToken stop)
    {
        const string name = "campaigns/status";
        var answer = await _rest.GetAsync(name, "campaigns/status/?targets_only=1", JsonValueKind.Object, stop);
        return [.. Items(name, answer, "targets").Select(t => NameOf(t) is { Length: > 0 } target ? target : throw Wrong(name, "a target has no name"))
            .Distinct(StringComparer.Ordinal)];
    }

    /// <summary>A campaign's lifecycle: <c>current</c>, <c>last</c>, <c>past</c>, ...</summary>
    public async Task<string> LifecycleAsync(string campaign, CancellationToken stop)
    {
        const string name = "campaigns/status";
        var path = $"campaigns/status/?campaign={Uri.EscapeDataString(campaign)}";
        var answer = await _rest.GetAsync(name, path, JsonValueKind.Object, stop);
        return PcsFields.Text(answer, "lifecycle") is { Length: > 0 } lifecycle
            ? lifecycle
            : throw Wrong(name, $"campaign {campaign} has no lifecycle");
    }

    /// <summary>What a campaign consists of.</summary>
    public async Task<IReadOnlyList<PcsSample>> CatalogAsync(string campaign, CancellationToken stop)
    {
        const string name = "catalog";
        var answer = await _rest.GetAsync(name, $"v1/campaigns/{Uri.EscapeDataString(campaign)}/catalog/", JsonValueKind.Object, stop);
        return [.. Items(name, answer, "samples")
            .Select(static s => new PcsSample(PcsFields.Text(s, "sample"), PcsFields.Text(s, "detector_version")))];
    }

    private static JsonElement.ArrayEnumerator Items(string name, JsonElement answer, string field) =>
        answer.TryGetProperty(field, out var items) && items.ValueKind == JsonValueKind.Array
            ? items.EnumerateArray()
            : throw Wrong(name, $"the answer has no list of {field}");

    // Names alone, or what the page shows of each.
    private static string NameOf(JsonElement target) =>
        target.ValueKind == JsonValueKind.String ? target.GetString()! : PcsFields.Text(target, "name");

    private static PcsException Wrong(string name, string what) => new($"PCS {name}: {what}", status: null, isPassing: false);
}
