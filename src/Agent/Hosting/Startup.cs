using OpsAgent.Agent.Launching;
using OpsAgent.Capabilities;

namespace OpsAgent.Agent.Hosting;

/// <summary>Everything that is read before anything is started.</summary>
/// <param name="Settings">The settings in force.</param>
/// <param name="Options">The same as the rooms want them; null if there are errors.</param>
/// <param name="Manifest">The capabilities; null if there are errors.</param>
/// <param name="Environment">The environment at the start.</param>
/// <param name="Errors">Every error found, each with its place.</param>
internal sealed record Startup(
    EffectiveConfiguration Settings,
    AgentOptions? Options,
    Manifest? Manifest,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyList<string> Errors)
{
    /// <summary>What the agent was called with: a reload reads the same again.</summary>
    public required CommandLine Line { get; init; }

    /// <summary>The environment before settings were put into it.</summary>
    public required IReadOnlyDictionary<string, string> Given { get; init; }

    public static Startup Read(CommandLine line, IReadOnlyDictionary<string, string> environment)
    {
        var file = line.ConfigPath;
        var (settings, found) = EffectiveConfiguration.Read(file, environment, line.Settings);
        var errors = new List<string>(found);
        var effective = new Dictionary<string, string>(environment, StringComparer.Ordinal)
        {
            // Templates and doers see the cache folder that is in force, whoever set it.
            [AgentSettings.TmpDir.Environment!] = settings[AgentSettings.TmpDir],
        };
        var manifest = ManifestReader.Read(file, effective);
        errors.AddRange(manifest.Errors.Select(e => e.ToString()).Where(e => !errors.Contains(e)));
        if (errors.Count == 0)
        {
            errors.AddRange(SenderRules.Mistakes(manifest.Manifest!, settings).Select(m => $"{file}: {m}"));
        }

        errors.AddRange(manifest.Manifest is { } read ? ConfinementCheck.Errors(read, file) : []);
        var options = errors.Count == 0 ? AgentOptions.From(settings, environment, errors) : null;
        return new Startup(settings, options, manifest.Manifest, effective, errors) { Line = line, Given = environment };
    }
}
