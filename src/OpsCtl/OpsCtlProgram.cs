using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using OpsAgent.OpsCtl.Capability;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Completion;
using OpsAgent.OpsCtl.Doctor;
using OpsAgent.OpsCtl.Door;
using OpsAgent.OpsCtl.Enqueue;
using OpsAgent.OpsCtl.Guard;
using OpsAgent.OpsCtl.Logs;
using OpsAgent.OpsCtl.Manifest;
using OpsAgent.OpsCtl.Manual;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Ping;
using OpsAgent.OpsCtl.Reload;
using OpsAgent.OpsCtl.Send;
using OpsAgent.OpsCtl.Shutdown;
using OpsAgent.OpsCtl.Signing;
using OpsAgent.OpsCtl.Terminal;
using OpsAgent.OpsCtl.Top;
using OpsAgent.OpsCtl.Watch;
using OpsAgent.OpsCtl.Work;

namespace OpsAgent.OpsCtl;

/// <summary>The whole program: reads the command line, runs one command, turns what goes wrong into an exit code with advice.</summary>
internal static class OpsCtlProgram
{
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, Surroundings surroundings, CancellationToken cancellationToken = default)
    {
        var options = new GlobalOptions();
        var root = Build(options, surroundings);

        var line = root.Parse(arguments, CommandTree.Parsing);
        if (line.Action is ParseErrorAction)
        {
            var (message, advice) = UsageMistake.Of(line);
            Complaint.Tell(surroundings, UsageMistake.AsksForJson(line, options), message, advice);
            return ExitCode.Usage;
        }

        var json = line.GetValue(options.Output) == OutputFormat.Json;
        var configuration = new InvocationConfiguration
        {
            Output = surroundings.Out,
            Error = surroundings.Error,
            EnableDefaultExceptionHandler = false,

            // Ctrl-C cancels; what a command then still does, such as a summary and a DISCONNECT, has this long.
            ProcessTerminationTimeout = TimeSpan.FromSeconds(5),
        };
        try
        {
            return await line.InvokeAsync(configuration, cancellationToken);
        }
        catch (OpsCtlException e)
        {
            Complaint.Tell(surroundings, json, e.Message, e.Advice);
            return e.ExitCode;
        }
        catch (OutputFailedException e)
        {
            Complaint.Tell(
                surroundings,
                json,
                $"the result can't be written: {e.Message}",
                "send it where there is room; what was asked for may have been done: opsctl work list");
            return ExitCode.Negative;
        }
        catch (OperationCanceledException)
        {
            Complaint.Tell(surroundings, json, "interrupted", "there is no result; opsctl status and opsctl work list show how things are");
            return ExitCode.Interrupted;
        }
        catch (Exception e)
        {
            // The outermost boundary: whoever sees this needs one line and not a trace.
            Complaint.Tell(
                surroundings,
                json,
                $"unexpected {e.GetType().Name}: {e.Message}",
                $"this is a defect of opsctl: report it with its command line and '{e.StackTrace?.Split('\n')[0].Trim()}'");
            return ExitCode.Defect;
        }
    }

    /// <summary>The one tree of commands.</summary>
    public static RootCommand Build(GlobalOptions options, Surroundings surroundings)
    {
        var root = new RootCommand("Operate a production operations agent: over the bus from anywhere, over its local door on its host.")
        {
            PingCommand.Build(options, surroundings),
            SendCommand.Build(options, surroundings),
            WatchCommand.Build(options, surroundings),
            CapabilitiesCommand.Build(options, surroundings),
            CapabilityCommand.Build(options, surroundings),
            StatusCommand.Build(options, surroundings),
            TopCommand.Build(options, surroundings),
            WorkCommand.Build(options, surroundings),
            LogsCommand.Build(options, surroundings),
            ReloadCommand.Build(options, surroundings),
            ShutdownCommand.Build(options, surroundings),
            EnqueueCommand.Build(options, surroundings),
            KeysCommand.Build(options, surroundings),
            GuardCommand.Build(options, surroundings),
            DoctorCommand.Build(options, surroundings),
        };
        root.Add(CompletionCommand.Build(options, surroundings));
        root.Add(CompleteCommand.Build(root, options, surroundings));
        root.Add(ManCommand.Build(root, options, surroundings));
        options.AddTo(root);
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new ExampleHelpAction((HelpAction)help.Action!, surroundings);
        }

        return root;
    }
}
