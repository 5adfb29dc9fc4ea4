using System.CommandLine;
using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Reading;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Manifest;

/// <summary>opsctl capabilities list, show and check: from the manifest, with no agent.</summary>
internal static class CapabilitiesCommand
{
    public static Command Build(GlobalOptions options, Surroundings surroundings) =>
        new OpsCommand(
            "capabilities",
            "What an agent with this configuration can do. Needs no agent and no broker.",
            "opsctl capabilities list",
            "opsctl capabilities check agents/prodops.toml")
        {
            List(options, surroundings), Show(options, surroundings), Check(options, surroundings),
        };

    private static OpsCommand List(GlobalOptions options, Surroundings surroundings)
    {
        var command = new OpsCommand(
            "list", "All capabilities.", "opsctl capabilities list", "opsctl capabilities list --config agents/prodops.toml -o json");
        command.SetAction(line =>
        {
            var manifest = Read(line, options, surroundings);
            CapabilitiesScreen.List(new Screen(surroundings, line.GetValue(options.Output)), [.. manifest.Capabilities.Select(c => c.Summary)]);
            return ExitCode.Ok;
        });
        return command;
    }

    private static OpsCommand Show(GlobalOptions options, Surroundings surroundings)
    {
        var name = new Argument<string>("name") { Description = "its msg_type", HelpName = "msg_type" };
        var command = new OpsCommand(
            "show", "One capability: its fields, doer, limits and events.", "opsctl capabilities show fetch_payload_log") { name };
        command.SetAction(line =>
        {
            var manifest = Read(line, options, surroundings);
            var wanted = line.GetRequiredValue(name);
            string[] names = [.. manifest.Capabilities.Select(c => c.MsgType.Value)];
            var found = manifest.Capabilities.FirstOrDefault(c => c.MsgType.Value == wanted)
                ?? throw new OpsCtlException(
                    ExitCode.Negative,
                    $"there is no capability '{wanted}'{Spelling.Hint(wanted, names)}",
                    $"there are: {string.Join(", ", names)}");
            CapabilitiesScreen.Show(new Screen(surroundings, line.GetValue(options.Output)), found.Summary);
            return ExitCode.Ok;
        });
        return command;
    }

    private static OpsCommand Check(GlobalOptions options, Surroundings surroundings)
    {
        var file = new Argument<string?>("file")
        {
            Description = "the configuration to check (that of --config if not given)",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new OpsCommand(
            "check",
            "Check a configuration's manifest and show every mistake with file, line and column. Exit 78 if there is any.",
            "opsctl capabilities check",
            "opsctl capabilities check agents/prodops.toml")
        {
            file,
        };
        command.SetAction(line =>
        {
            var path = line.GetValue(file) ?? AgentFile.Path(line, options, surroundings);
            var reading = ManifestReader.Read(path, surroundings.Environment);
            CapabilitiesScreen.Check(new Screen(surroundings, line.GetValue(options.Output)), path, reading);
            return reading.Errors.Count == 0 ? ExitCode.Ok : ExitCode.Configuration;
        });
        return command;
    }

    private static Capabilities.Manifest Read(ParseResult line, GlobalOptions options, Surroundings surroundings)
    {
        var path = AgentFile.Path(line, options, surroundings);
        var reading = ManifestReader.Read(path, surroundings.Environment);
        return reading.Manifest ?? throw new OpsCtlException(
            ExitCode.Configuration,
            reading.Errors[0].ToString(),
            reading.Errors.Count > 1
                ? $"and {reading.Errors.Count - 1} more mistakes: opsctl capabilities check {path}"
                : "correct it, or name the agent's configuration with --config");
    }
}
