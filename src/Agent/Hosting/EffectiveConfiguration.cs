using Microsoft.Extensions.Configuration;
using OpsAgent.Toml;

namespace OpsAgent.Agent.Hosting;

/// <summary>Every setting in force with its origin: the file, over it the environment, over both the command line.</summary>
internal sealed class EffectiveConfiguration
{
    private readonly Dictionary<Setting, SettingValue> _values = [];

    private EffectiveConfiguration(string file)
    {
        File = file;
    }

    /// <summary>The configuration file's path.</summary>
    public string File { get; }

    /// <summary>In the order of <see cref="AgentSettings.All"/>.</summary>
    public IReadOnlyList<SettingValue> Values => [.. AgentSettings.All.Select(s => _values[s])];

    public string this[Setting setting] => _values[setting].Text;

    /// <summary>True if somebody gave a value.</summary>
    public bool IsGiven(Setting setting) => _values[setting].Origin != "default";

    /// <summary>Reads all layers; every error is listed, none thrown.</summary>
    public static (EffectiveConfiguration Configuration, IReadOnlyList<string> Errors) Read(
        string file, IReadOnlyDictionary<string, string> environment, IReadOnlyList<KeyValuePair<string, string>> commandLine)
    {
        var configuration = new EffectiveConfiguration(file);
        var errors = new List<string>();
        var provider = LoadFile(file, errors);
        var known = AgentSettings.All.ToDictionary(s => s.Key, StringComparer.OrdinalIgnoreCase);
        var overrides = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in commandLine)
        {
            overrides[key] = value;
            if (!known.TryGetValue(key, out var given))
            {
                errors.Add($"command line: {key}: no such setting");
            }
            else if (given.Secret)
            {
                errors.Add($"command line: {key}: a secret is not given there, where every user of the host can read it; use {given.Environment}");
            }
        }

        foreach (var setting in AgentSettings.All)
        {
            var value = configuration._values[setting] = Resolve(setting, provider, environment, overrides);
            if (value.Origin != "default" || provider?.TryGetPosition(setting.ConfigurationKey, out _) != true)
            {
                Check(setting, value, errors);
            }
            else if (provider.TryGetPosition(setting.ConfigurationKey, out var position))
            {
                errors.Add($"{provider.FilePath}:{position.Line}: {setting.Key} must be one value, not a list or table");
            }
        }

        UnknownKeys(provider, known, errors);
        return (configuration, errors);
    }

    private static void Check(Setting setting, SettingValue value, List<string> errors)
    {
        if (setting.Form.Check(value.Text) is { } wrong)
        {
            errors.Add($"{value.Origin}: {setting.Key} {(setting.Secret ? "is not valid" : wrong)}");
        }
    }

    private static TomlConfigurationProvider? LoadFile(string file, List<string> errors)
    {
        var source = (TomlConfigurationSource)new ConfigurationBuilder().AddTomlFile(file).Sources[0];
        var provider = (TomlConfigurationProvider)source.Build(new ConfigurationBuilder());
        try
        {
            provider.Load();
            return provider;
        }
        catch (TomlException e)
        {
            errors.Add(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{file}: {e.Message}");
        }

        return null;
    }

    private static SettingValue Resolve(
        Setting setting, TomlConfigurationProvider? provider, IReadOnlyDictionary<string, string> environment, Dictionary<string, string> overrides)
    {
        if (overrides.TryGetValue(setting.Key, out var given))
        {
            return new SettingValue(setting, given, "command line");
        }

        if (setting.Environment is { } name && environment.TryGetValue(name, out given) && (given.Length > 0 || setting.EmptyCounts))
        {
            return new SettingValue(setting, given, $"environment {name}");
        }

        if (provider is not null && provider.TryGet(setting.ConfigurationKey, out var fromFile))
        {
            var line = provider.TryGetPosition(setting.ConfigurationKey, out var position) ? $":{position.Line}" : "";
            return new SettingValue(setting, fromFile ?? "", $"{provider.FilePath}{line}");
        }

        return setting.WhenUnset?.Invoke(environment) is var (text, origin)
            ? new SettingValue(setting, text, origin)
            : new SettingValue(setting, setting.Default, "default");
    }

    /// <summary>Tables that hold settings may hold nothing else; the capability tables are the manifest reader's.</summary>
    private static void UnknownKeys(TomlConfigurationProvider? provider, Dictionary<string, Setting> known, List<string> errors)
    {
        if (provider is null)
        {
            return;
        }

        foreach (var table in AgentSettings.Tables.Keys)
        {
            foreach (var key in provider.GetChildKeys([], table).Distinct(StringComparer.OrdinalIgnoreCase).Select(k => $"{table}.{k}"))
            {
                if (!known.ContainsKey(key))
                {
                    var line = provider.TryGetPosition(key.Replace('.', ':'), out var position) ? $":{position.Line}" : "";
                    errors.Add($"{provider.FilePath}{line}: {key}: no such setting");
                }
            }
        }
    }
}
