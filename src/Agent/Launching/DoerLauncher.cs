using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Boundaries;
using OpsAgent.Agent.Launching.Cgroups;

namespace OpsAgent.Agent.Launching;

/// <summary>A doer that runs, with its output being read.</summary>
/// <param name="Process">Its process.</param>
/// <param name="Output">What it prints.</param>
/// <param name="Program">What was started.</param>
/// <param name="Cgroup">What it is held in; null: nothing.</param>
/// <param name="Cgroups">Where that is removed.</param>
internal sealed record LaunchedDoer(
    DoerProcess Process, DoerOutput Output, DoerProgram Program, DoerCgroup? Cgroup, DoerCgroups Cgroups) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Output.Dispose();
        if (Cgroup is { Filled.IsCompleted: false })
        {
            // Until then its pid must be nobody else's.
            _ = Cgroup.Filled.ContinueWith(
                static (_, self) => ((LaunchedDoer)self!).Release(), this, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return;
        }

        Release();
    }

    private void Release()
    {
        Process.Dispose();
        if (Cgroup is not null)
        {
            Cgroups.Remove(Cgroup);
        }
    }
}

/// <summary>Starts doers: finds the program, makes the work folder and the environment, spawns, and begins to read.</summary>
internal sealed partial class DoerLauncher(
    IOptions<LaunchingOptions> options,
    WorkFolders folders,
    RunLogWriter logs,
    ExitWatcher watcher,
    DoerCgroups cgroups,
    ILogger<DoerLauncher> logger,
    TimeProvider time)
{
    private readonly DoerPrograms _programs = new(options.Value.DoersFolder);
    private readonly DoerEnvironment _environment = new(options.Value);
    private readonly SandboxCommand _sandbox = new(options.Value);
    private int _toldOfNice;

    /// <summary>Starts one; null if it can't be, and the reason says why in one line.</summary>
    public LaunchedDoer? TryStart(RunContext context, DoerPlan plan, out string reason)
    {
        if (!_programs.TryFind(plan.Program, out var program, out reason) || !AreArguments(plan.Arguments, out reason))
        {
            reason = LogText.CleanReason(reason);
            return null;
        }

        try
        {
            var folder = folders.Create(context);
            var left = context.IsLookUp ? folders.PathOf(context.RequestId, context.Attempt) : null;
            var command = DoerCommand.Of(plan, program, folder, left, _sandbox);
            var order = new SpawnOrder(
                command[0],
                command,
                _environment.Of(plan, context, folder, left),
                folder,
                plan.Capture == CaptureMode.Files ? FilesIn(folder) : null,
                options.Value.Nice);
            return TryStart(context, order, program, out reason);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            reason = LogText.CleanReason($"not started: {e.Message}");
            return null;
        }
    }

    /// <summary>Reads the output files of a run that a former agent began; nothing if there are none.</summary>
    public DoerOutput Follow(RunContext context, string folder, string doer)
    {
        var relay = new StderrRelay(logger, doer, options.Value);
        var files = FilesIn(folder);
        var log = File.Exists(files.Stdout)
            ? logs.Begin(context, $"{doer}, attempt {context.Attempt}, found by a later agent; from its beginning")
            : null;
        return new DoerOutput(time, options.Value, relay, log, files);
    }

    private static OutputFiles FilesIn(string folder) => new(Path.Combine(folder, "stdout"), Path.Combine(folder, "stderr"));

    private static bool AreArguments(IReadOnlyList<string> arguments, out string reason)
    {
        reason = "";
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].Contains('\0', StringComparison.Ordinal))
            {
                reason = $"not started: argument {i + 1} holds a NUL";
                return false;
            }
        }

        return true;
    }

    private LaunchedDoer? TryStart(RunContext context, SpawnOrder order, DoerProgram program, out string reason)
    {
        var answer = cgroups.Start(context, order, out var cgroup);
        if (answer.Error != 0)
        {
            reason = LogText.CleanReason(SpawnFailure.Reason(answer.Error, order));
            return null;
        }

        FailPoints.Pass(Boundary.Spawned);
        if (answer.NiceError != 0 && Interlocked.Exchange(ref _toldOfNice, 1) == 0)
        {
            LogNotNice(SpawnFailure.Text(answer.NiceError));
        }

        reason = "";
        var relay = new StderrRelay(logger, program.Name, options.Value);
        var log = logs.Begin(
            context,
            context.IsLookUp
                ? $"look-up after attempt {context.Attempt}: {program.Name}, pid {answer.Pid}"
                : $"{program.Name}, pid {answer.Pid}, attempt {context.Attempt}");
        var output = order.Files is { } files
            ? new DoerOutput(time, options.Value, relay, log, files)
            : new DoerOutput(time, options.Value, relay, log, answer.Stdout, answer.Stderr);
        try
        {
            return new LaunchedDoer(DoerProcess.OfChild(watcher, answer.Pid), output, program, cgroup, cgroups);
        }
        catch
        {
            EndUnwatched(cgroup);

            // The child is gone already; its pipes go with their readers.
            output.Abandon();
            throw;
        }
    }

    private void EndUnwatched(DoerCgroup? cgroup)
    {
        if (cgroup is not null)
        {
            _ = cgroup.Kill();
            cgroups.Remove(cgroup);
        }
    }
}
