using System.CommandLine;
using OpsAgent.Doers.Facility;

namespace OpsAgent.Doers.SubmitTask;

/// <summary>The command line: <c>--x v</c> and <c>--x=v</c>, anything else is exit 2.</summary>
internal static class SubmitTaskCommand
{
    private static readonly Option<string> TaskName = Text("--task-name", "Production task, by its composed name");
    private static readonly Option<string> Owner = Text("--owner", "As whom the submission is recorded (SWF_TASK_OWNER)");
    private static readonly Option<string> Url = Text("--swf-monitor-url", "The monitor, with its path (SWF_MONITOR_URL)");
    private static readonly Option<string> Token = Text("--token", "PCS token (SWFMON_TOKEN, else SWF_MONITOR_TOKEN)");
    private static readonly Option<string> AuthVo = Text("--auth-vo", "PANDA_AUTH_VO (EIC.production)");
    private static readonly Option<string> Setup = Text("--pclient-setup", "The panda client's setup (~/pclient/run/setup.sh)");
    private static readonly Option<string> Resume = Text("--resume", "Finish the bookkeeping of this sandbox; prun is not started");

    private static readonly Option<int> Timeout = new("--timeout")
    {
        Description = "Limit of the whole run in seconds (nine tenths of EPICPROD_SUBMIT_TIMEOUT)",
        Arity = ArgumentArity.ExactlyOne,
    };

    private static readonly Option<bool> Reconcile = new("--reconcile")
    {
        Description = "Look whether PanDA has the task; prun is not started",
        Arity = ArgumentArity.Zero,
    };

    private static readonly Option<bool> ResumeLeft = new("--resume-left")
    {
        Description = "The same for the run whose result folder OPSAGENT_LEFT_DIR names",
        Arity = ArgumentArity.Zero,
    };

    private static readonly Option<bool> Close = new("--close")
    {
        Description = "PanDA certainly does not have the task: let go of what earlier runs left in doubt",
        Arity = ArgumentArity.Zero,
    };

    private static readonly DoerCommandLine Line = new(
        new RootCommand("Submits a production task to PanDA by the prun command that PCS composes, and records the JEDI task.")
        {
            TaskName, Owner, Url, Token, AuthVo, Setup, Timeout, Resume, ResumeLeft, Reconcile, Close,
        },
        SubmitTaskHelp.Text,
        Misfits);

    /// <summary>Parses, runs and returns the exit code.</summary>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error) =>
        Line.RunAsync(args, output, error, static (parsed, log, stop) =>
        {
            var arguments = ArgumentsOf(parsed);
            var settings = SubmitSettings.From(arguments, DoerEnvironment.OfProcess);
            return new SubmitRun(arguments, settings, DoerEnvironment.OfProcess, log, TimeProvider.System).RunAsync(stop);
        });

    private static SubmitArguments ArgumentsOf(ParseResult parsed) => new()
    {
        Mode = ModesOf(parsed).DefaultIfEmpty(SubmitMode.Submit).First(),
        OfLeftRun = parsed.GetValue(ResumeLeft),
        TaskName = parsed.GetValue(TaskName),
        Sandbox = parsed.GetValue(Resume),
        Owner = parsed.GetValue(Owner),
        MonitorUrl = parsed.GetValue(Url),
        Token = parsed.GetValue(Token),
        AuthVo = parsed.GetValue(AuthVo),
        PclientSetup = parsed.GetValue(Setup),
        Timeout = parsed.GetResult(Timeout) is null ? null : TimeSpan.FromSeconds(parsed.GetValue(Timeout)),
    };

    private static IEnumerable<SubmitMode> ModesOf(ParseResult parsed)
    {
        var given = new[]
        {
            (parsed.GetValue(Resume) is not null, SubmitMode.Resume),
            (parsed.GetValue(ResumeLeft), SubmitMode.Resume),
            (parsed.GetValue(Reconcile), SubmitMode.Reconcile),
            (parsed.GetValue(Close), SubmitMode.Close),
        };
        return given.Where(static g => g.Item1).Select(static g => g.Item2);
    }

    private static IEnumerable<string> Misfits(ParseResult parsed)
    {
        var task = parsed.GetValue(TaskName);
        if (task is not null && !ArgumentForms.IsTaskName(task))
        {
            yield return $"--task-name must be 1 to 255 of A-Z a-z 0-9 . _ : + = @ / -, without a leading - or a .. part, not '{OneLine.Of(task, 60)}'";
        }

        if (ModesOf(parsed).Count() > 1)
        {
            yield return "--resume, --resume-left, --reconcile and --close exclude each other";
        }
        else if (task is null && parsed.GetValue(Resume) is null)
        {
            yield return "Option '--task-name' is required.";
        }

        if (parsed.GetResult(Timeout) is not null && parsed.GetValue(Timeout) is < 1 or > 86400)
        {
            yield return "--timeout must be a whole number of seconds from 1 to 86400";
        }
    }

    private static Option<string> Text(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.ExactlyOne };
}
