using OpsAgent.Doers.Facility.Children;
using OpsAgent.Doers.SubmitTask.Sandboxes;

namespace OpsAgent.Doers.SubmitTask.Prun;

/// <summary>Watches a prun to its end, ours or one that an earlier doer left; what it leaves running is ended with it.</summary>
internal sealed class PrunRun(Sandbox sandbox, PrunOutput output, TimeProvider time)
{
    /// <summary>Once the id is known, prun has little left to do.</summary>
    private static readonly TimeSpan AfterId = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private long? _idSeenAt;

    /// <summary>Ours.</summary>
    public async Task<PrunEnd> WatchAsync(Child prun, CancellationToken limit, CancellationToken stop)
    {
        var begun = time.GetTimestamp();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit, stop);
        var ended = await prun.WaitAsync(Goes, time, both.Token);
        var cut = ended ? PrunCut.None : WhyCut(stop);
        var after = time.GetElapsedTime(begun);
        await new MarkedTree(sandbox.Mark, prun.Pid).EndAsync(time);
        await prun.WaitAsync(static () => true, time, CancelledSoon());
        output.ReadToEnd();
        NoteId();
        var end = new PrunEnd(cut, prun.ExitCode, prun.WasSignalled, after);
        if (cut == PrunCut.None)
        {
            sandbox.Journal.Note(new JournalEntry { Step = JournalStep.Ended, ExitCode = end.ExitCode, Signalled = end.Signalled });
        }

        return end;
    }

    /// <summary>One that an earlier doer left: known by its journal, or by the mark if the journal ends before its pid.</summary>
    public async Task<PrunEnd> WatchAsync(JournalState state, CancellationToken limit, CancellationToken stop)
    {
        var begun = time.GetTimestamp();
        var tree = new MarkedTree(sandbox.Mark, SessionOf(state));
        var cut = PrunCut.None;
        while (tree.Living().Count > 0)
        {
            if (!Goes() || limit.IsCancellationRequested || stop.IsCancellationRequested)
            {
                cut = WhyCut(stop);
                break;
            }

            await Task.Delay(Pause, time, CancellationToken.None);
        }

        await tree.EndAsync(time);
        output.ReadToEnd();
        NoteId();
        return new PrunEnd(cut, state.PrunExitCode, state.PrunSignalled, time.GetElapsedTime(begun));
    }

    /// <summary>A pid alone names nobody: without its start time and boot it may be a stranger's by now.</summary>
    private static int SessionOf(JournalState state) =>
        state is { Pid: { } pid, StartTime: { } start } && state.BootId == ProcessFacts.BootId && ProcessFacts.Of(pid)?.StartTime == start
            ? pid
            : 0;

    private PrunCut WhyCut(CancellationToken stop) =>
        output.AsksForLogin && output.JediTaskId is null ? PrunCut.Login
        : output.IsRunaway ? PrunCut.Runaway
        : stop.IsCancellationRequested ? PrunCut.Stopped
        : PrunCut.Limit;

    private bool Goes()
    {
        output.Read();
        NoteId();
        var isLate = _idSeenAt is { } seen && time.GetElapsedTime(seen) > AfterId;
        return !isLate && !output.IsRunaway && !(output.AsksForLogin && output.JediTaskId is null);
    }

    private void NoteId()
    {
        if (_idSeenAt is null && output.JediTaskId is { } id)
        {
            _idSeenAt = time.GetTimestamp();
            sandbox.Journal.Note(new JournalEntry { Step = JournalStep.IdSeen, JediTaskId = id });
        }
    }

    private CancellationToken CancelledSoon() => new CancellationTokenSource(TimeSpan.FromSeconds(2), time).Token;
}
