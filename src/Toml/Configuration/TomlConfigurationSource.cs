using Microsoft.Extensions.Configuration;

namespace OpsAgent.Toml;

/// <summary>A TOML file as a source of configuration.</summary>
public sealed class TomlConfigurationSource : IConfigurationSource
{
    /// <summary>The file; a relative path starts at the working directory.</summary>
    public required string Path { get; init; }

    /// <summary>Whether the file may be absent. A file that is there must always be readable and valid.</summary>
    public bool Optional { get; init; }

    /// <inheritdoc/>
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new TomlConfigurationProvider(this);
}
