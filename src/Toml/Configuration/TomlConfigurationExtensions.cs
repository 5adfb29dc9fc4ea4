using Microsoft.Extensions.Configuration;

namespace OpsAgent.Toml;

/// <summary>Adds TOML files to a configuration.</summary>
public static class TomlConfigurationExtensions
{
    /// <summary>Adds a file, read once when the configuration is built; changes to it are not watched.</summary>
    public static IConfigurationBuilder AddTomlFile(this IConfigurationBuilder builder, string path, bool optional = false) =>
        builder.Add(new TomlConfigurationSource { Path = path, Optional = optional });
}
