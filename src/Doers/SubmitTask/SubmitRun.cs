using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Credentials;
using OpsAgent.Doers.Facility.Files;
using OpsAgent.Doers.Facility.Pcs;
using OpsAgent.Doers.SubmitTask.Sandboxes;

namespace OpsAgent.Doers.SubmitTask;

/// <summary>One run: takes the task's lock and does what the command line asks for.</summary>
internal sealed class SubmitRun(
    SubmitArguments arguments, SubmitSettings settings, DoerEnvironment environment, DoerLog log, TimeProvider time)
{
    private const string LockKind = "submit-task";

    public async Task<DoerEnd> RunAsync(CancellationToken stop)
    {
        var budget = new Budget(settings.Total, time);
        var room = new SandboxRoom(settings.StateFolder, log, time);
        var named = arguments.OfLeftRun ? new LeftRun(environment).Sandbox : arguments.Sandbox;
        var resumed = named is not null ? room.Find(named) : null;
        var said = resumed?.Journal.Read();
        var task = TaskOf(said);
        using var scratch = OpenScratch();
        using var held = RunLock.Take(scratch, LockKind, task, time);
        if (arguments.OfLeftRun && resumed is null)
        {
            return OfRunWithoutSandbox(room, task);
        }

        using var heldKey = said?.TaskKey is { } key ? LockKey(scratch, key) : null;
        room.Prune(settings.SandboxAge);

        var pcs = settings.Pcs with { Owner = settings.Pcs.Owner ?? SubmitSettings.OwnerOf(said?.Owner) };
        using var http = ServiceHttp.Create(TrustAnchors.OfServices(environment));
        var scene = new SubmitScene
        {
            Task = task,
            Settings = settings with { Pcs = pcs },
            Room = room,
            Pcs = new PcsClient(http, pcs, log, time),
            Budget = budget,
            Log = log,
            Time = time,
        };
        return arguments.Mode switch
        {
            SubmitMode.Resume => await new Resumption(scene).ResumeAsync(resumed!, stop),
            SubmitMode.Close => Closing.Close(room, task, log),
            SubmitMode.Reconcile => await new Resumption(scene).ReconcileAsync(stop),
            _ => await new Submission(scene, key => LockKey(scratch, key)).SubmitAsync(stop),
        };
    }

    /// <summary>
    /// It told of its sandbox before it started prun, it is over since its lock is free, and it told of none. Looked at again under the
    /// lock: it may have come that far while we waited for it.
    /// </summary>
    private DoerEnd OfRunWithoutSandbox(SandboxRoom room, string task)
    {
        if (new LeftRun(environment).Sandbox is not null)
        {
            throw new DoerException(DoerExit.TryAgain, "the run has told of its sandbox only now: ask again");
        }

        if (room.OpenOf(task).Count > 0)
        {
            log.Error("in doubt: this run sent nothing, but an earlier prun of the task has not been cleared up");
            return new DoerEnd(SubmitExit.InDoubt, "");
        }

        log.Error("nothing was sent: the run ended before it started prun");
        return new DoerEnd(SubmitExit.NotSent, "");
    }

    /// <summary>One task has several names: its key is what two runs must not share.</summary>
    private RunLock LockKey(Folder scratch, long key) => RunLock.Take(scratch, LockKind, $"key:{key}", time);

    private string TaskOf(JournalState? said)
    {
        if (said is null)
        {
            return arguments.TaskName!;
        }

        var task = said.Task ?? throw new DoerException(DoerExit.Usage, "--resume: the sandbox's journal names no task: nothing was begun in it");
        return arguments.TaskName is null || arguments.TaskName == task
            ? task
            : throw new DoerException(DoerExit.Usage, $"--resume: the sandbox is of task {OneLine.Of(task)}");
    }

    private Folder OpenScratch() => Directory.Exists(settings.ScratchRoot)
        ? Folder.OpenRoot(settings.ScratchRoot)
        : throw new DoerException(DoerExit.Configuration, $"SWF_TMP_DIR: {settings.ScratchRoot} is no folder");
}
