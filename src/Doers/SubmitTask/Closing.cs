using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Children;
using OpsAgent.Doers.SubmitTask.Sandboxes;

namespace OpsAgent.Doers.SubmitTask;

/// <summary>Lets go of what earlier runs of a task left in doubt, because somebody knows that PanDA does not have it.</summary>
internal static class Closing
{
    public static DoerEnd Close(SandboxRoom room, string task, DoerLog log)
    {
        var open = room.OpenOf(task);
        if (open.FirstOrDefault(static o => o.State.JediTaskId is not null) is { Sandbox: { } known } taken)
        {
            log.Error($"PanDA has it as {taken.State.JediTaskId}, which PCS does not know yet: submit-task --resume={known.Name}");
            return new DoerEnd(SubmitExit.Unrecorded, taken.State.JediTaskId!);
        }

        foreach (var (sandbox, _) in open)
        {
            if (new MarkedTree(sandbox.Mark, session: 0).Living() is [var prun, ..])
            {
                throw new DoerException(
                    DoerExit.TryAgain, $"prun still runs in {sandbox.Path}, pid {prun.Pid}: it may yet send the task. submit-task --resume={sandbox.Name} sees it through");
            }

            sandbox.Journal.Write(new JournalEntry
            {
                Step = JournalStep.Concluded, ExitCode = (int)SubmitExit.NotSent, Reason = "closed by hand: PanDA does not have the task",
            });
            log.Line($"closed: {sandbox.Path}");
        }

        return new DoerEnd(DoerExit.Ok, "");
    }
}
