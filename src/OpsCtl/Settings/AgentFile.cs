using System.CommandLine;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.Toml;

namespace OpsAgent.OpsCtl.Settings;

/// <summary>The agent's configuration file, as far as opsctl looks into it.</summary>
internal static class AgentFile
{
    /// <summary>Its path: as named, else beside this program as releases lay it out.</summary>
    public static string Path(ParseResult line, GlobalOptions options, Surroundings surroundings) =>
        Named(line, options, surroundings)
        ?? System.IO.Path.GetFullPath(System.IO.Path.Combine(surroundings.ProgramFolder, "..", "agents", "prodops.toml"));

    /// <summary>The agent's namespace; null if the file has none, or if none was named and there is none beside the program.</summary>
    /// <exception cref="OpsCtlException">The file can't be read (exit 78).</exception>
    public static string? Namespace(ParseResult line, GlobalOptions options, Surroundings surroundings)
    {
        var path = Path(line, options, surroundings);
        if (Named(line, options, surroundings) is null && !File.Exists(path))
        {
            return null;
        }

        try
        {
            return TomlDocument.ReadFile(path).TryGetValue("testbed", out var node)
                && node is TomlTable testbed
                && testbed.TryGetValue("namespace", out var name)
                && name.ToString() is { Length: > 0 } text
                ? text
                : null;
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

    private static string? Named(ParseResult line, GlobalOptions options, Surroundings surroundings) =>
        line.GetValue(options.Config) ?? surroundings.Variable("OPSAGENT_CONFIG");
}
