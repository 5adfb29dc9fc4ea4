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
    /// <exception cref="IOException">The file can't be read, or is absent and not optional.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    /// <exception cref="TomlException">The file is not valid, or two of its keys are one key of configuration.</exception>
    public override void Load()
    {
        var flat = new FlatConfiguration(FilePath);
        try
        {
            flat.Add(TomlDocument.ReadFile(FilePath));
        }
        catch (Exception absent) when (source.Optional && (absent is FileNotFoundException or DirectoryNotFoundException))
        {
            // Absent is what optional allows; a file that is hidden by permissions or broken is a mistake all the same.
        }

        (Data, _positions) = (flat.Values, flat.Positions);
    }
}
