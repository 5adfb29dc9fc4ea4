using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Control;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Launching;
using OpsAgent.Agent.Work;
using OpsAgent.Capabilities;

namespace OpsAgent.Agent.Hosting;

/// <summary>
/// Reads the configuration file again. Capabilities and lanes take effect for the next request, and for queued ones, whose work is
/// made anew when they start; settings of the agent itself are those of its start until the next one.
/// </summary>
internal sealed partial class ManifestReload(
    Startup startup,
    AgentOptions options,
    ManifestInForce inForce,
    CapabilityHandlers handlers,
    LateHandlers late,
    LaneBoard lanes,
    ILogger<ManifestReload> logger) : IReload
{
    private readonly Lock _gate = new();

    public ReloadAnswer Reload(string by)
    {
        lock (_gate)
        {
            var answer = ReadAgain();
            if (answer.Reloaded)
            {
                LogReloaded(by, answer.File, Text(answer.Added), Text(answer.Removed), Text(answer.Changed));
            }
            else
            {
                LogRefused(by, answer.File, answer.Errors.Count);
                foreach (var error in answer.Errors)
                {
                    LogMistake(error);
                }
            }

            return answer;
        }
    }

    private ReloadAnswer ReadAgain()
    {
        var file = startup.Settings.File;
        var (settings, found) = EffectiveConfiguration.Read(file, startup.Given, startup.Line.Settings);

        // Templates see the cache folder that is in force, also where the file has another one now.
        var reading = ManifestReader.Read(file, startup.Environment);
        var errors = new List<string>(found);
        errors.AddRange(reading.Errors.Select(static e => e.ToString()).Where(e => !errors.Contains(e)));
        if (errors.Count == 0)
        {
            // Against the settings in force: others would count from the next start on.
            errors.AddRange(SenderRules.Mistakes(reading.Manifest!, startup.Settings).Select(m => $"{file}: {m}"));
        }

        errors.AddRange(reading.Manifest is { } read ? ConfinementCheck.Errors(read, file) : []);
        var registry = errors.Count == 0 ? Registry(reading.Manifest!, file, errors) : null;
        if (registry is null)
        {
            return new ReloadAnswer(file, false, errors, [], [], [], [], []);
        }

        var before = inForce.Manifest;
        var after = reading.Manifest!;
        var changed = ManifestChange.Between(before, after);
        var slots = LaneSlots.Of(after, options.MaxWorkers);
        var laneChanges = Between(LaneSlots.Of(before, options.MaxWorkers), slots);

        // Rules and credentials first: no request may find a handler whose capability they do not know yet.
        inForce.Manifest = after;
        late.Replace(registry);
        lanes.Reshape(slots, after.Capabilities.ToDictionary(static c => c.MsgType, static c => c.Definition.MaxParallel));
        return new ReloadAnswer(file, true, [], changed.Added, changed.Removed, changed.Changed, laneChanges, Differing(settings));
    }

    private HandlerRegistry? Registry(Manifest manifest, string file, List<string> errors)
    {
        try
        {
            return handlers.RegistryOf(manifest);
        }
        catch (InvalidOperationException e)
        {
            errors.Add($"{file}: {e.Message}");
            return null;
        }
    }

    private IReadOnlyList<string> Differing(EffectiveConfiguration settings) =>
        [.. AgentSettings.All.Where(s => settings[s] != startup.Settings[s]).Select(static s => s.Key)];

    private static IReadOnlyList<LaneChange> Between(IReadOnlyDictionary<string, int> before, IReadOnlyDictionary<string, int> after) =>
    [
        .. before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
            .Select(name => new LaneChange(name, before.GetValueOrDefault(name), after.GetValueOrDefault(name)))
            .Where(static c => c.From != c.To),
    ];

    private static string Text(IReadOnlyList<string> types) => types.Count == 0 ? "none" : string.Join(", ", types);

    [LoggerMessage(1320, LogLevel.Information, "{File} reloaded, asked for by {By}: added {Added}; removed {Removed}; changed {Changed}")]
    private partial void LogReloaded(string by, string file, string added, string removed, string changed);

    [LoggerMessage(1321, LogLevel.Error, "{File} not reloaded, asked for by {By}: {Count} mistakes; what was in force stays")]
    private partial void LogRefused(string by, string file, int count);

    [LoggerMessage(1322, LogLevel.Error, "{Mistake}")]
    private partial void LogMistake(string mistake);
}
