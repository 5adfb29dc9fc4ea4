using System.Collections;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpsAgent.Agent.Boundaries;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Hosting.Systemd;
using OpsAgent.Agent.Launching;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.Capabilities;

namespace OpsAgent.Agent.Hosting;

/// <summary>The agent as a program. A team that adds handlers in code calls this from a program of its own.</summary>
public static class AgentProgram
{
    // errno as the runtime puts it into an IOException: EIO, ENOSPC, EDQUOT.
    private const int DiskFailed = 5;
    private const int DiskFull = 28;
    private const int QuotaExceeded = 122;

    /// <summary>Runs the program to its end.</summary>
    /// <param name="args">The command line; see <c>--help</c>.</param>
    /// <param name="output">Where answers to <c>--print-config</c> and the like go.</param>
    /// <param name="errors">Where errors before the log stands go.</param>
    /// <param name="register">Registers a team's own <see cref="OpsAgent.Abstractions.IHandler"/>s; null: none.</param>
    /// <returns>The exit code: 0, 1, 64, 75, 78 or 100 as <c>--help</c> says.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, TextWriter output, TextWriter errors, Action<IServiceCollection>? register = null)
    {
        ChildSignals.Reset();
        OwnProcess.Close();
        var line = CommandLine.Parse(args);
        if (line.Error is { } wrong)
        {
            await errors.WriteLineAsync($"opsagent: {wrong}; see opsagent --help");
            return ExitCodes.Usage;
        }

        var told = line.Action switch
        {
            CommandAction.Help => CommandLine.Usage + '\n',
            CommandAction.Version => AgentVersion.Text + '\n',
            CommandAction.PrintSchema => ConfigurationSchema.Text(),
            _ => null,
        };
        if (told is not null)
        {
            await output.WriteAsync(told);
            return ExitCodes.Stopped;
        }

        var environment = EnvironmentSnapshot();
        if (line.Action == CommandAction.EndLeftovers && !await Leftovers.AreToEndAsync(environment, line.Unit, output))
        {
            return ExitCodes.Stopped;
        }

        if (line.EnvironmentFile is { } file && !await OverlayAsync(file, environment, errors))
        {
            return ExitCodes.Configuration;
        }

        if (line.Action == CommandAction.Run && !FailPoints.TryArm(environment.GetValueOrDefault(FailPoints.Variable)))
        {
            await errors.WriteLineAsync($"opsagent: {FailPoints.Variable} is no BOUNDARY:N, such as committed:3");
            return ExitCodes.Configuration;
        }

        var reading = Startup.Read(line, environment);
        foreach (var error in reading.Errors)
        {
            await errors.WriteLineAsync($"opsagent: {error}");
        }

        if (line.Action == CommandAction.PrintConfig)
        {
            await output.WriteAsync(ConfigurationText.Of(reading));
        }

        if (reading.Errors.Count > 0)
        {
            await errors.WriteLineAsync($"opsagent: {reading.Errors.Count} error(s) in the configuration; nothing was started");
            return ExitCodes.Configuration;
        }

        return line.Action switch
        {
            CommandAction.Run => await WithStateAsync(reading, errors, () => AgentHost.RunAsync(reading, errors, register)),
            CommandAction.NewLedger => await WithStateAsync(reading, errors, () => NewLedgerAsync(reading, output, errors)),
            CommandAction.EndLeftovers => await Leftovers.EndAsync(reading.Options!.StateDir, output),
            _ => ExitCodes.Stopped,
        };
    }

    private static async Task<bool> OverlayAsync(string file, Dictionary<string, string> environment, TextWriter errors)
    {
        try
        {
            var read = EnvironmentFile.Read(file);
            foreach (var doubt in read.Doubts)
            {
                await errors.WriteLineAsync($"opsagent: {doubt}");
            }

            foreach (var (name, value) in read.Values)
            {
                environment[name] = value;
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"opsagent: the environment file can't be read: {e.Message}");
            return false;
        }
    }

    private static async Task<int> NewLedgerAsync(Startup startup, TextWriter output, TextWriter errors)
    {
        try
        {
            var isDone = LedgerAside.TrySetAside(startup.Options!.StateDir, TimeProvider.System.GetUtcNow(), out var answer);
            await (isDone ? output : errors).WriteLineAsync($"opsagent: {answer}");
            return isDone ? ExitCodes.Stopped : ExitCodes.Usage;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            await errors.WriteLineAsync($"opsagent: the ledger could not be set aside: {e.Message}");
            return ExitCodes.Failed;
        }
    }

    /// <summary>Only one at a time has the state folder.</summary>
    private static async Task<int> WithStateAsync(Startup startup, TextWriter errors, Func<Task<int>> act)
    {
        StateLock? held;
        string holder;
        try
        {
            StateFolder.Create(startup.Options!.StateDir);
            held = StateLock.TryTake(startup.Options.StateDir, out holder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full or failing disk may be well again at the next start; a folder that is not ours will not.
            var passing = e is IOException && e.HResult is DiskFull or QuotaExceeded or DiskFailed;
            await errors.WriteLineAsync($"opsagent: the state folder can't be used: {e.Message}{(passing ? "" : "; set OPSAGENT_STATE_DIR to one that this user owns")}");
            return passing ? ExitCodes.Failed : ExitCodes.Configuration;
        }

        if (held is null)
        {
            await errors.WriteLineAsync($"opsagent: another agent holds {startup.Options.StateDir} ({holder}); one agent a ledger");
            return ExitCodes.StateHeld;
        }

        using (held)
        {
            return await act();
        }
    }

    private static Dictionary<string, string> EnvironmentSnapshot() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
}
