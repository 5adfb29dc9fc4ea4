using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Pcs;
using OpsAgent.Doers.SubmitTask.LookUp;
using OpsAgent.Doers.SubmitTask.Prun;
using OpsAgent.Doers.SubmitTask.Sandboxes;

namespace OpsAgent.Doers.SubmitTask;

/// <summary>What follows prun: find the id, have PCS write it down, say how it went. It always comes to an answer.</summary>
/// <param name="scene">The run.</param>
/// <param name="sandbox">The submission's.</param>
/// <param name="stop">Asked for by a signal: it makes things quick, and stops none of them.</param>
internal sealed class Bookkeeping(SubmitScene scene, Sandbox sandbox, CancellationToken stop)
{
    private const int ConflictStatus = 409;
    private static readonly TimeSpan LeastForRecord = TimeSpan.FromSeconds(2);

    /// <summary>Brings a submission whose prun was started to its end.</summary>
    public async Task<DoerEnd> ConcludeAsync(Func<Task<Verdict>> see)
    {
        Verdict verdict;
        try
        {
            verdict = await see();
        }
        catch (Exception e)
        {
            // prun was started: whatever broke here, the answer is that it is in doubt, and the look-up may still tell.
            verdict = new Verdict.Doubt($"{e.GetType().Name}: {e.Message}");
        }

        try
        {
            return await ConcludeAsync(verdict);
        }
        catch (Exception e)
        {
            // As above; what is known of the id must be said even now.
            var id = (verdict as Verdict.Taken)?.JediTaskId ?? "";
            return End(id.Length > 0 ? SubmitExit.Unrecorded : SubmitExit.InDoubt, id, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private async Task<DoerEnd> ConcludeAsync(Verdict verdict)
    {
        switch (verdict)
        {
            case Verdict.Taken taken:
                return await RecordAsync(taken.JediTaskId);
            case Verdict.NotSent not:
                return End(SubmitExit.NotSent, "", not.Reason);
            case Verdict.LoginNeeded login:
                return End(SubmitExit.LoginNeeded, "", login.Reason);
            default:
                var reason = ((Verdict.Doubt)verdict).Reason;
                scene.Log.Line($"{OneLine.Of(reason)}; looking whether PanDA has the task");
                return await LookUpAsync(reason, scene.Budget.ForLookUp(scene.Settings.LookUp));
        }
    }

    /// <summary>Looks the task up and acts on what it finds.</summary>
    public async Task<DoerEnd> LookUpAsync(string reason, TimeSpan limit)
    {
        var state = sandbox.Journal.Read();
        var answer = await new TaskLookUp(scene, sandbox.File("control"), state.OutDs, state.StartingAt).RunAsync(limit, stop);
        if (answer is LookUpAnswer.Found found)
        {
            sandbox.Journal.Note(new JournalEntry { Step = JournalStep.IdSeen, JediTaskId = found.JediTaskId });
            scene.Log.Line($"found: JEDI task {found.JediTaskId}");
            return found.IsRecorded ? Recorded(found.JediTaskId) : await RecordAsync(found.JediTaskId);
        }

        return End(SubmitExit.InDoubt, "", $"in doubt: {reason}; {((LookUpAnswer.Open)answer).Why}");
    }

    /// <summary>Has PCS write the id down, until it has or the time is over.</summary>
    public async Task<DoerEnd> RecordAsync(string id)
    {
        var left = scene.Budget.Left > LeastForRecord ? scene.Budget.Left : LeastForRecord;
        using var limit = scene.Budget.Limit(left, stop);
        try
        {
            var task = await scene.Pcs.RecordAsync(scene.Task, id, limit.Token, CancellationToken.None);
            return task.PandaTaskId is { } other && other != id ? Unrecorded(id, $"PCS has {other} for the task") : Recorded(id);
        }
        catch (PcsException e) when (e.Status == ConflictStatus)
        {
            return await OfConflictAsync(id, e, limit.Token);
        }
        catch (PcsException e)
        {
            return Unrecorded(id, e.Message);
        }
    }

    private async Task<DoerEnd> OfConflictAsync(string id, PcsException conflict, CancellationToken limit)
    {
        try
        {
            var task = await scene.Pcs.TaskAsync(scene.Task, limit, CancellationToken.None);
            return task.PandaTaskId == id
                ? Recorded(id)
                : Unrecorded(id, $"PCS has {task.PandaTaskId ?? "no id"} for the task ({conflict.Message})");
        }
        catch (PcsException e)
        {
            return Unrecorded(id, $"{conflict.Message}; {e.Message}");
        }
    }

    private DoerEnd Recorded(string id)
    {
        sandbox.Journal.Note(new JournalEntry { Step = JournalStep.Recorded, JediTaskId = id });
        scene.Log.Line($"submitted and recorded as JEDI task {id}");
        return End(DoerExit.Ok, id, "");
    }

    private DoerEnd Unrecorded(string id, string why) => End(SubmitExit.Unrecorded, id, $"submitted as {id}, but not recorded: {why}");

    private DoerEnd End(DoerExit exit, string id, string reason)
    {
        sandbox.Journal.Note(new JournalEntry
        {
            Step = JournalStep.Concluded,
            ExitCode = (int)exit,
            JediTaskId = id.Length > 0 ? id : null,
            Reason = reason.Length > 0 ? OneLine.Of(reason) : null,
        });
        if (exit != DoerExit.Ok)
        {
            scene.Log.Error(reason);
        }

        return new DoerEnd(exit, id);
    }
}
