namespace OpsAgent.Doers.SubmitTask.Prun;

/// <summary>How prun ended.</summary>
/// <param name="Cut">Whether we ended it.</param>
/// <param name="ExitCode">Its exit code; null if nobody saw it.</param>
/// <param name="Signalled">A signal ended it; the code is 128 and the signal's number.</param>
/// <param name="After">How long it ran, as far as we saw it.</param>
internal sealed record PrunEnd(PrunCut Cut, int? ExitCode, bool Signalled, TimeSpan After);
