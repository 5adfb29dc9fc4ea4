using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Pcs;
using OpsAgent.Doers.SubmitTask.Command;
using OpsAgent.Doers.SubmitTask.LookUp;
using OpsAgent.Doers.SubmitTask.Prun;
using OpsAgent.Doers.SubmitTask.Sandboxes;

namespace OpsAgent.Doers.SubmitTask;

/// <summary>Clears up what an earlier run left. Nothing here starts prun.</summary>
internal sealed class Resumption(SubmitScene scene)
{
    /// <summary>Finishes one sandbox: waits for its prun if that still lives, reads what it printed, and goes on from there.</summary>
    public async Task<DoerEnd> ResumeAsync(Sandbox sandbox, CancellationToken stop)
    {
        var state = sandbox.Journal.Read();
        if (AlreadyOver(state) is { } over)
        {
            if (over.Exit != DoerExit.Ok)
            {
                scene.Log.Error(state.Reason ?? "it is over");
            }

            return over;
        }

        var books = new Bookkeeping(scene, sandbox, stop);
        if (!state.MayBeSent)
        {
            return await books.ConcludeAsync(() => Task.FromResult<Verdict>(new Verdict.NotSent("prun was never started")));
        }

        return await books.ConcludeAsync(() => SeeThroughAsync(sandbox, state, stop));
    }

    /// <summary>Looks the task up, in each of its open sandboxes or, with none, by what PCS says its name in PanDA is.</summary>
    public async Task<DoerEnd> ReconcileAsync(CancellationToken stop)
    {
        var open = scene.Room.OpenOf(scene.Task);
        if (open.Count == 0)
        {
            return await ByNameAsync(stop);
        }

        var end = new DoerEnd(SubmitExit.InDoubt, "");
        foreach (var (sandbox, state) in open)
        {
            var books = new Bookkeeping(scene, sandbox, stop);
            var id = state.JediTaskId ?? IdIn(sandbox);
            end = id is not null
                ? await books.RecordAsync(id)
                : await books.LookUpAsync("prun was started and gave no id", scene.Budget.ForLookUp(scene.Settings.LookUp));
            if (end.Exit != SubmitExit.InDoubt)
            {
                break;
            }
        }

        return end;
    }

    private static DoerEnd? AlreadyOver(JournalState state) => state switch
    {
        { IsRecorded: true, JediTaskId: { } id } => new DoerEnd(DoerExit.Ok, id),
        { IsOpen: false, MayBeSent: true, ConcludedExit: { } exit } => new DoerEnd((DoerExit)exit, ""),
        _ => null,
    };

    private async Task<Verdict> SeeThroughAsync(Sandbox sandbox, JournalState state, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(scene.Budget.ForPrun, scene.Time);
        var output = new PrunOutput(sandbox.Output, scene.Log);
        var end = await new PrunRun(sandbox, output, scene.Time).WatchAsync(state, limit.Token, stop);
        return state.JediTaskId is { } id ? new Verdict.Taken(id) : Verdict.Of(end, output);
    }

    private static string? IdIn(Sandbox sandbox)
    {
        var output = new PrunOutput(sandbox.Output, new DoerLog(TextWriter.Null));
        output.ReadToEnd();
        return output.JediTaskId;
    }

    private async Task<DoerEnd> ByNameAsync(CancellationToken stop)
    {
        var sandbox = scene.Room.Create(scene.Task);
        try
        {
            sandbox.Journal.Write(new JournalEntry { Step = JournalStep.Opened, Task = scene.Task });
            sandbox.Journal.Write(new JournalEntry { Step = JournalStep.Fetched, OutDs = await OutDsAsync(stop) });
            var books = new Bookkeeping(scene, sandbox, stop);
            return await books.LookUpAsync("no run of prun for it is known here", scene.Budget.ForLookUp(scene.Settings.LookUp));
        }
        finally
        {
            Directory.Delete(sandbox.Path, recursive: true);
        }
    }

    private async Task<string?> OutDsAsync(CancellationToken stop)
    {
        try
        {
            using var limit = new CancellationTokenSource(scene.Budget.ForFetch, scene.Time);
            return PrunLine.Read(await scene.Pcs.CommandAsync(scene.Task, limit.Token, stop), scene.Settings.Options).OutDs;
        }
        catch (Exception e) when (e is PcsException or CommandRefusedException)
        {
            scene.Log.Line("look-up: " + OneLine.Of(e.Message));
            return null;
        }
    }
}
