using Microsoft.Extensions.Configuration;

namespace OpsAgent.Toml;

/// <summary>Gives a TOML file's values as configuration: keys joined by ':', array items by index, numbers and booleans in
/// TOML's own notation, dates in ISO 8601. It remembers where each key was written.</summary>
public sealed class TomlConfigurationProvider(TomlConfigurationSource source) : ConfigurationProvider
{
    private Dictionary<string, TomlPosition> _positions = [];

    /// <summary>The file, as a full path.</summary>
    public string FilePath { get; } = Path.GetFullPath(source.Path);

    /// <summary>Where a value, table or array was written; keys as configuration has them, of any case.</summary>
    public bool TryGetPosition(string key, out TomlPosition position) => _positions.TryGetValue(key, out position);

    /// <summary>Reads the file; when it is not valid what was read before stays.</summary>
    /// <exception cref="FileNotFoundException">There is no such file, and it is not optional.</exception>
    /// <exception cref="TomlException">The file is not valid, or two of its keys are one key of configuration.</exception>
    public override void Load()
    {
        var flat = new FlatConfiguration(FilePath);
        if (File.Exists(FilePath))
        {
            flat.Add(TomlDocument.ReadFile(FilePath));
        }
        else if (!source.Optional)
        {
            throw new FileNotFoundException($"The configuration file '{FilePath}' does not exist.", FilePath);
        }

        (Data, _positions) = (flat.Values, flat.Positions);
    }
}
