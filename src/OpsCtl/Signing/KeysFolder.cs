using System.CommandLine;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Signing;

/// <summary>Where the keys are.</summary>
internal static class KeysFolder
{
    /// <summary>Its option, for each command that needs it.</summary>
    public static Option<string?> Option() => new("--keys-dir")
    {
        Description = "the folder of signing keys [OPSAGENT_KEYS_DIR, else the configuration's signing.keys_dir]",
        HelpName = "folder",
    };

    /// <summary>Null if nothing names it.</summary>
    public static string? Find(ParseResult line, Option<string?>? given, GlobalOptions options, Surroundings surroundings) =>
        (given is null ? null : line.GetValue(given))
        ?? FacilityFile.Over(surroundings).Variable("OPSAGENT_KEYS_DIR")
        ?? AgentFile.Text(line, options, surroundings, "signing", "keys_dir");

    /// <exception cref="OpsCtlException">Nothing names it (exit 78).</exception>
    public static string Of(ParseResult line, Option<string?> given, GlobalOptions options, Surroundings surroundings) =>
        Find(line, given, options, surroundings) is { } folder
            ? Path.GetFullPath(folder)
            : throw new OpsCtlException(
                ExitCode.Configuration,
                "nothing names a folder of signing keys",
                "name one with --keys-dir or OPSAGENT_KEYS_DIR, or set signing.keys_dir in the agent's configuration");
}
