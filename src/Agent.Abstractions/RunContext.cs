namespace OpsAgent.Abstractions;

/// <summary>One attempt at one request, as a runner sees it.</summary>
public sealed record RunContext
{
    /// <summary>The request that is worked on.</summary>
    public required RequestId RequestId { get; init; }

    /// <summary>Its type.</summary>
    public required MsgType MsgType { get; init; }

    /// <summary>1 for the first start.</summary>
    public required int Attempt { get; init; }

    /// <summary>What is to run.</summary>
    public required RunPlan Plan { get; init; }

    /// <summary>True for a run that only finds out what became of that attempt.</summary>
    public bool IsLookUp { get; init; }

    /// <summary>
    /// Called once the process exists, with what finds it again after a restart. Must not throw and must not block: it is
    /// called on the runner's start path.
    /// </summary>
    public Action<RunningProcess>? Started { get; init; }
}

/// <summary>What finds a process again: a pid alone may have been given to another since.</summary>
/// <param name="Pid">Its process id, which is also its session's.</param>
/// <param name="StartTime">Field 22 of <c>/proc/PID/stat</c>: clock ticks since boot.</param>
/// <param name="BootId">The kernel's boot id.</param>
/// <param name="Program">The program's resolved path.</param>
/// <param name="ProgramHash">SHA-256 of the program file, lower-case hex; empty if it could not be read.</param>
public sealed record RunningProcess(int Pid, long StartTime, string BootId, string Program, string ProgramHash);
