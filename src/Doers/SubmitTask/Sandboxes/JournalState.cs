namespace OpsAgent.Doers.SubmitTask.Sandboxes;

/// <summary>What a journal says, read from its beginning to its end.</summary>
internal sealed record JournalState
{
    /// <summary>The furthest step.</summary>
    public JournalStep? Furthest { get; private init; }

    public string? Task { get; private init; }

    public string? Owner { get; private init; }

    public long? TaskKey { get; private init; }

    public string? OutDs { get; private init; }

    public int? Pid { get; private init; }

    public long? StartTime { get; private init; }

    public string? BootId { get; private init; }

    /// <summary>prun's exit code; null if it is not known.</summary>
    public int? PrunExitCode { get; private init; }

    public bool PrunSignalled { get; private init; }

    /// <summary>When prun was about to start.</summary>
    public DateTimeOffset? StartingAt { get; private init; }

    public string? JediTaskId { get; private init; }

    public bool IsRecorded { get; private init; }

    /// <summary>How the last run on it ended; null if it was cut short.</summary>
    public int? ConcludedExit { get; private init; }

    /// <summary>Why it ended so; null for a good end.</summary>
    public string? Reason { get; private init; }

    /// <summary>True from the moment at which PanDA may have the task.</summary>
    public bool MayBeSent => StartingAt is not null;

    /// <summary>True if it must not be removed, nor the task submitted again: cut short after prun began, in doubt, or unrecorded.</summary>
    public bool IsOpen => MayBeSent && !IsRecorded
        && (ConcludedExit is null or (int)SubmitExit.InDoubt or (int)SubmitExit.Unrecorded);

    public static JournalState Of(IEnumerable<JournalEntry> entries) => entries.Aggregate(new JournalState(), With);

    private static JournalState With(JournalState state, JournalEntry entry)
    {
        var next = state with
        {
            Furthest = state.Furthest > entry.Step ? state.Furthest : entry.Step,
            Task = entry.Task ?? state.Task,
            Owner = entry.Owner ?? state.Owner,
            TaskKey = entry.TaskKey ?? state.TaskKey,
            OutDs = entry.OutDs ?? state.OutDs,
            Pid = entry.Pid ?? state.Pid,
            StartTime = entry.StartTime ?? state.StartTime,
            BootId = entry.BootId ?? state.BootId,
            JediTaskId = entry.JediTaskId ?? state.JediTaskId,
        };
        return entry.Step switch
        {
            JournalStep.Starting => next with { StartingAt = entry.At },
            JournalStep.Ended => next with { PrunExitCode = entry.ExitCode, PrunSignalled = entry.Signalled ?? false },
            JournalStep.Recorded => next with { IsRecorded = true },
            JournalStep.Concluded => next with { ConcludedExit = entry.ExitCode, Reason = entry.Reason },
            _ => next,
        };
    }
}
