namespace OpsAgent.Doers.SubmitTask.Prun;

/// <summary>What is known of a submission once prun is over.</summary>
internal abstract record Verdict
{
    // prun's exit codes before it calls the server: configuration, sandbox, archive.
    private static readonly int[] BeforeTheInsert = [10, 50, 60];
    private const int ArgumentsRefused = 2;

    private Verdict()
    {
    }

    /// <summary>PanDA has the task.</summary>
    public sealed record Taken(string JediTaskId) : Verdict;

    /// <summary>PanDA was sent nothing.</summary>
    public sealed record NotSent(string Reason) : Verdict;

    /// <summary>PanDA was sent nothing: the client's token has expired.</summary>
    public sealed record LoginNeeded(string Reason) : Verdict;

    /// <summary>Nobody can tell.</summary>
    public sealed record Doubt(string Reason) : Verdict;

    /// <summary>
    /// An id is an id however prun ended; without one only the codes before the insert, a refused argument and the request for a
    /// login say that nothing was sent. A code that is not known, a signal, our limit: all of them may come after the insert.
    /// </summary>
    public static Verdict Of(PrunEnd end, PrunOutput output)
    {
        var id = end is { Cut: PrunCut.None, ExitCode: 0 } ? output.AnyJediTaskId : output.JediTaskId;
        if (id is not null)
        {
            return new Taken(id);
        }

        var isOver = end is { Cut: PrunCut.None, Signalled: false, ExitCode: not null };
        if (output.AsksForLogin && (end.Cut == PrunCut.Login || (isOver && IsBeforeTheInsert(end.ExitCode!.Value, output))))
        {
            // Only if it went no further: somebody may have logged in at the link that a prun without its doer printed.
            return new LoginNeeded("the panda client asks for a login: its token has expired or is missing (renew it by hand)");
        }

        if (isOver && end.ExitCode is { } code && IsBeforeTheInsert(code, output))
        {
            return new NotSent($"prun ended with {code} before it sent the task{Said(output)}");
        }

        return new Doubt(How(end) + Said(output));
    }

    private static bool IsBeforeTheInsert(int code, PrunOutput output) =>
        BeforeTheInsert.Contains(code) || (code == ArgumentsRefused && output.TellsUsage);

    private static string How(PrunEnd end) => end switch
    {
        { Cut: PrunCut.Limit } => $"prun was ended at its limit of {end.After.TotalSeconds:0} s",
        { Cut: PrunCut.Stopped } => "prun was ended because the doer was asked to stop",
        { Cut: PrunCut.Runaway } => "prun was ended because it printed without end",
        { ExitCode: null } => "prun is over, its exit code is not known",
        { Signalled: true, ExitCode: { } code } => $"prun was killed by signal {code - 128}",
        { ExitCode: 0 } => "prun ended well but printed no jediTaskID",
        _ => $"prun ended with {end.ExitCode}",
    };

    private static string Said(PrunOutput output) => output.Said.Length > 0 ? $": {output.Said}" : "";
}
