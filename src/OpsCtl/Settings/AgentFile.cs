using System.CommandLine;
using OpsAgent.Capabilities;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.Toml;

namespace OpsAgent.OpsCtl.Settings;

/// <summary>The agent's configuration file, as far as opsctl looks into it.</summary>
internal static class AgentFile
{
    /// <summary>Of an agent whose configuration has none.</summary>
    public const string DefaultNamespace = "prodops";

    /// <summary>Its path: as named, else beside this program as releases lay it out.</summary>
    public static string Path(ParseResult line, GlobalOptions options, Surroundings surroundings) =>
        Named(line, options, surroundings)
        ?? System.IO.Path.GetFullPath(System.IO.Path.Combine(surroundings.ProgramFolder, "..", "agents", "prodops.toml"));

    /// <summary>The agent's namespace; null if the file has none, or if none was named and there is none beside the program.</summary>
    /// <exception cref="OpsCtlException">The file can't be read (exit 78).</exception>
    public static string? Namespace(ParseResult line, GlobalOptions options, Surroundings surroundings) =>
        Text(line, options, surroundings, "testbed", "namespace");

    /// <summary>The text of a setting; null as for <see cref="Namespace"/>.</summary>
    /// <exception cref="OpsCtlException">The file can't be read (exit 78).</exception>
    public static string? Text(ParseResult line, GlobalOptions options, Surroundings surroundings, string table, string key)
    {
        var path = Path(line, options, surroundings);
        if (Named(line, options, surroundings) is null && !File.Exists(path))
        {
            return null;
        }

        try
        {
            return TomlDocument.ReadFile(path).TryGetValue(table, out var node)
                && node is TomlTable settings
                && settings.TryGetValue(key, out var value)
                && value.ToString() is { Length: > 0 } text
                ? text
                : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new OpsCtlException(
                ExitCode.Configuration, $"there is no configuration at {path}", "name the agent's own with --config or OPSAGENT_CONFIG", e);
        }
        catch (Exception e) when (e is TomlException or IOException or UnauthorizedAccessException)
        {
            throw new OpsCtlException(
                ExitCode.Configuration,
                $"the agent's configuration can't be read: {e.Message}",
                "see all its mistakes with opsctl capabilities check, or name another file with --config",
                e);
        }
    }

    /// <summary>
    /// The manifest of the agent with that namespace; null if no configuration was named and there is none beside the program, or if the
    /// one that is there is of another namespace.
    /// </summary>
    public static ManifestReading? Manifest(ParseResult line, GlobalOptions options, Surroundings surroundings, string nameSpace)
    {
        var path = Path(line, options, surroundings);
        return (Named(line, options, surroundings) is not null || File.Exists(path))
            && (Namespace(line, options, surroundings) ?? DefaultNamespace) == nameSpace
                ? ManifestReader.Read(path, surroundings.Environment)
                : null;
    }

    private static string? Named(ParseResult line, GlobalOptions options, Surroundings surroundings) =>
        line.GetValue(options.Config) ?? surroundings.Variable("OPSAGENT_CONFIG");
}
