using OpsAgent.Agent.Control;

namespace OpsAgent.Agent.Hosting;

/// <summary>Everything that is in force, for show: settings, lanes with their slots, and each capability's limit; secrets hidden.</summary>
internal static class EffectiveEntries
{
    public static IReadOnlyList<ConfigurationEntry> Of(Startup startup) =>
        [.. startup.Settings.Values.Select(v => new ConfigurationEntry(v.Setting.Key, v.Shown, v.Origin)), .. Lanes(startup), .. Limits(startup)];

    private static IEnumerable<ConfigurationEntry> Lanes(Startup startup)
    {
        if (startup.Options is null || startup.Manifest is null)
        {
            return [];
        }

        var workers = startup.Settings.Values.Single(v => v.Setting == AgentSettings.MaxWorkers);
        var origin = workers.Text.Length > 0 ? workers.Origin : startup.Settings.File;
        return LaneSlots.Of(startup.Manifest, startup.Options.MaxWorkers)
            .OrderBy(l => l.Key, StringComparer.Ordinal)
            .Select(l => new ConfigurationEntry($"lane.{l.Key}.slots", $"{l.Value}", origin));
    }

    private static IEnumerable<ConfigurationEntry> Limits(Startup startup) =>
        startup.Manifest?.Capabilities.Select(c => c.Definition).Select(d => new ConfigurationEntry(
            $"capability.{d.MsgType}.timeout", $"{d.Timeout.TotalSeconds:0}s",
            d.TimeoutVariable is { } variable ? $"environment {variable}" : startup.Settings.File)) ?? [];
}
