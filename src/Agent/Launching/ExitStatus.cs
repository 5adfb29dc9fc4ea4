namespace OpsAgent.Agent.Launching;

/// <summary>How a process ended: with a code, by a signal, or in a way that only its parent was told.</summary>
/// <param name="Code">The exit code, 0 to 255; null if a signal ended it or it is not known.</param>
/// <param name="Signal">The signal's number; null if it ended by itself or it is not known.</param>
internal readonly record struct ExitStatus(int? Code, int? Signal)
{
    private const int CodeOfExit = 1;
    private const int FirstOfSignal = 128;
    private const int LastSignal = 64;

    /// <summary>It ended, but it was not our child, so the kernel does not tell us how.</summary>
    public static ExitStatus Unknown => default;

    /// <summary>As a program that runs another for us tells it: a code above 128 stands for the signal that ended that one.</summary>
    public ExitStatus Passed => Code is > FirstOfSignal and <= FirstOfSignal + LastSignal ? new(null, Code - FirstOfSignal) : this;

    /// <summary>Reads what waitid wrote: <c>si_code</c> and <c>si_status</c>.</summary>
    public static ExitStatus Of(int code, int status) => code == CodeOfExit ? new(status, null) : new(null, status);
}
