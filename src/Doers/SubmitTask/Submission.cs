using System.Text;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Children;
using OpsAgent.Doers.Facility.Files;
using OpsAgent.Doers.Facility.Panda;
using OpsAgent.Doers.Facility.Pcs;
using OpsAgent.Doers.SubmitTask.Command;
using OpsAgent.Doers.SubmitTask.Prun;
using OpsAgent.Doers.SubmitTask.Sandboxes;

namespace OpsAgent.Doers.SubmitTask;

/// <summary>
/// Fetch, check, start prun once, see it to its end. Until prun is about to start, every failure means that nothing was sent; from
/// then on nothing stops the way to an answer.
/// </summary>
internal sealed class Submission(SubmitScene scene, Func<long, RunLock> lockKey)
{
    private readonly SubmitSettings _settings = scene.Settings;
    private readonly TimeProvider _time = scene.Time;

    public async Task<DoerEnd> SubmitAsync(CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(scene.Budget.ForFetch, _time);
        var line = await FetchAsync(limit.Token, stop);
        var sandbox = scene.Room.Create(scene.Task);
        RunLock? keyLock = null;
        var isSent = false;
        try
        {
            sandbox.KeepRoom();
            sandbox.Journal.Write(new JournalEntry { Step = JournalStep.Opened, Task = scene.Task, Owner = _settings.Pcs.Owner });
            var client = await PandaClient.OpenAsync(_settings.Panda, sandbox.File("control"), sandbox.Mark, _time, stop);
            var program = client.Program("prun");
            var task = await ReadTaskAsync(limit.Token, stop);
            if (task.Id is { } key)
            {
                // Whoever held the lock before, under another name of the task, may have submitted it since it was read.
                keyLock = lockKey(key);
                task = await ReadTaskAsync(limit.Token, stop);
            }

            RefuseIfOpen(task);
            sandbox.Journal.Write(new JournalEntry { Step = JournalStep.Fetched, TaskKey = task.Id, OutDs = line.OutDs });
            stop.ThrowIfCancellationRequested();
            TellSandbox(sandbox);

            isSent = true; // the journal's next line may be on disk even if writing it fails
            sandbox.Journal.Write(new JournalEntry { Step = JournalStep.Starting });
            var prun = Start(sandbox, client, program, line);
            return await new Bookkeeping(scene, sandbox, stop).ConcludeAsync(() => SeeThroughAsync(sandbox, prun, stop));
        }
        catch (Exception e) when (isSent)
        {
            // prun was not started after all: its spawn says so, or the line before it could not be written.
            var known = FileFault.Translate(e);
            scene.Log.Error(known?.Message ?? $"{e.GetType().Name}: {e.Message}");
            var exit = known?.Exit ?? DoerExit.Failed;
            sandbox.Journal.Note(new JournalEntry { Step = JournalStep.Concluded, ExitCode = (int)exit, Reason = "prun was not started" });
            return new DoerEnd(exit, "");
        }
        finally
        {
            keyLock?.Dispose();
            if (!isSent)
            {
                Directory.Delete(sandbox.Path, recursive: true);
            }
        }
    }

    private async Task<PrunLine> FetchAsync(CancellationToken limit, CancellationToken stop)
    {
        try
        {
            var text = await scene.Pcs.CommandAsync(scene.Task, limit, stop);
            return PrunLine.Read(text, _settings.Options);
        }
        catch (PcsException e)
        {
            throw new DoerException(SubmitExit.NoCommand, e.Message, e);
        }
        catch (CommandRefusedException e)
        {
            throw new DoerException(SubmitExit.NoCommand, e.Message, e);
        }
    }

    private async Task<PcsTask> ReadTaskAsync(CancellationToken limit, CancellationToken stop)
    {
        PcsTask task;
        try
        {
            task = await scene.Pcs.TaskAsync(scene.Task, limit, stop);
        }
        catch (PcsException e)
        {
            throw new DoerException(SubmitExit.NoCommand, e.Message, e);
        }

        // PCS takes the beginning of a name for the name: another request for the same task would not be known as such.
        if (!task.IsNamed(scene.Task))
        {
            throw new DoerException(SubmitExit.NoCommand, $"PCS knows '{scene.Task}' only as the beginning of {OneLine.Of(task.ComposedName)}");
        }

        return task.PandaTaskId is { } id
            ? throw new DoerException(SubmitExit.AlreadySubmitted, $"already submitted as {id}")
            : task;
    }

    /// <summary>An earlier prun of this task, of which nobody knows what came, forbids another.</summary>
    private void RefuseIfOpen(PcsTask task)
    {
        var open = scene.Room.OpenOf(scene.Task, alias: s => s.TaskKey is { } key && key == task.Id);
        if (open.Count > 0)
        {
            var (earlier, state) = open[0];
            if (state.JediTaskId is { } id)
            {
                throw new DoerException(
                    SubmitExit.AlreadySubmitted, $"already submitted as {id}, which PCS does not know yet: submit-task --resume={earlier.Name}");
            }

            throw new DoerException(
                SubmitExit.InDoubt,
                $"in doubt: an earlier prun of {state.StartingAt:yyyy-MM-ddTHH:mm:ssZ} has not been cleared up: "
                + $"submit-task --resume={earlier.Name}, or remove {earlier.Path} if PanDA does not have the task");
        }
    }

    private Child Start(Sandbox sandbox, PandaClient client, string program, PrunLine line)
    {
        var prun = Child.Start(new ChildOrder
        {
            Program = program,
            Arguments = line.Arguments,
            Environment = client.Environment(sandbox.Mark, sandbox.WorkFolder),
            Folder = sandbox.WorkFolder,
            Stdout = sandbox.Output,
            Stderr = sandbox.Output,
        });
        sandbox.Journal.Note(new JournalEntry
        {
            Step = JournalStep.Started,
            Pid = prun.Pid,
            StartTime = prun.StartTime,
            BootId = ProcessFacts.BootId,
        });
        scene.Log.Line($"prun started, pid {prun.Pid}, in {sandbox.Path}");
        return prun;
    }

    private async Task<Verdict> SeeThroughAsync(Sandbox sandbox, Child prun, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(scene.Budget.ForPrun, _time);
        var output = new PrunOutput(sandbox.Output, scene.Log);
        var end = await new PrunRun(sandbox, output, _time).WatchAsync(prun, limit.Token, stop);
        return Verdict.Of(end, output);
    }

    /// <summary>
    /// Tells the agent which sandbox to resume if we die, and that prun may have been started from now on: without it we go no further.
    /// </summary>
    private static void TellSandbox(Sandbox sandbox)
    {
        if (Environment.GetEnvironmentVariable(ResultFile.Variable) is { Length: > 0 } folder)
        {
            AtomicFile.Write(Path.Combine(folder, LeftRun.FileName), Encoding.UTF8.GetBytes(sandbox.Name + "\n"));
        }
    }
}
