using System.CommandLine;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Doctor;

/// <summary>opsctl doctor.</summary>
internal static class DoctorCommand
{
    /// <summary>Of one check; all run at once, so it is that of the whole too.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static Command Build(GlobalOptions options, Surroundings surroundings)
    {
        var file = new Option<string?>("--environment-file")
        {
            Description = "the service's variables, NAME=value lines taken as they are; they beat this process's own",
            HelpName = "file",
        };
        var asUser = new Option<string?>("--as-user")
        {
            Description = "root only: become the service's user first, to judge with its rights",
            HelpName = "name",
        };
        var setup = new Option<string?>("--pclient-setup")
        {
            Description = "the panda client's setup script (pclient/run/setup.sh in the home folder if not given)",
            HelpName = "file",
        };
        var only = OnlyOption();
        var command = new OpsCommand(
            "doctor",
            "Look at all that the agent and its doers need, and say what to do about what is wrong. "
            + "It changes nothing and prints no secret. Exit 0: all well, but perhaps for warnings; 1: something failed; 3: a credential ends soon or is not set; "
            + "4: a credential has expired, is missing, unreadable or open to others.",
            "opsctl doctor --environment-file /opt/swf-monitor/config/env/production.env  # as the service's user",
            "opsctl doctor --as-user wenauseic --environment-file production.env  # as root",
            "opsctl doctor --only credentials -o json | jq '.findings[].credential'",
            "opsctl doctor --only broker monitor")
        {
            file, asUser, setup, only,
        };
        command.SetAction(async (line, cancellationToken) =>
        {
            var setting = DoctorSetting.Of(surroundings, line.GetValue(file), line.GetValue(asUser));
            var own = setting.Surroundings;
            var scene = new DoctorScene { Surroundings = own, User = setting.User };
            string NameSpace() => line.GetValue(options.Namespace) ?? AgentFile.Namespace(line, options, own) ?? AgentFile.DefaultNamespace;
            var checks = DoctorChecks.All(scene, new DoctorSources
            {
                Doubts = setting.Doubts,
                EnvironmentFile = line.GetValue(file),
                Broker = () => BrokerSettingsReader.Read(line, options, own),
                Namespace = NameSpace,
                Manifest = () => AgentFile.Manifest(line, options, own, NameSpace())?.Manifest,
                KeysFolder = () => Signing.KeysFolder.Find(line, null, options, own),
                PandaSetup = Path.GetFullPath(line.GetValue(setup) ?? Path.Combine(own.HomeFolder, "pclient", "run", "setup.sh")),
                State = StateFolder.Of(line, options, own),
            });
            var wanted = line.GetValue(only) is { Length: > 0 } names ? names : [.. DoctorChecks.Names];
            var screen = new Screen(surroundings, line.GetValue(options.Output));
            using var waiting = screen.Waiting();
            waiting.Say("looking at everything");
            var run = new DoctorRun([.. checks.Where(c => wanted.Contains(c.Name))], Limit, surroundings.Time);
            var findings = await run.RunAsync(cancellationToken);
            waiting.Say("");
            var exitCode = DoctorVerdict.ExitCodeOf(findings);
            DoctorScreen.Show(screen, findings, exitCode);
            return exitCode;
        });
        return command;
    }

    private static Option<string[]> OnlyOption()
    {
        var option = new Option<string[]>("--only")
        {
            Description = $"some checks alone: {string.Join(", ", DoctorChecks.Names)}",
            HelpName = "check",
            AllowMultipleArgumentsPerToken = true,
        };
        option.Validators.Add(static result =>
        {
            foreach (var token in result.Tokens.Where(static t => !DoctorChecks.Names.Contains(t.Value)))
            {
                result.AddError(ChoiceText.Mistake("--only", token.Value, DoctorChecks.Names));
            }
        });
        option.CompletionSources.Add([.. DoctorChecks.Names]);
        return option;
    }
}
