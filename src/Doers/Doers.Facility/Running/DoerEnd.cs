namespace OpsAgent.Doers.Facility;

/// <summary>How a doer ends: its exit code and its result line.</summary>
/// <param name="Exit">The exit code.</param>
/// <param name="Result">The line for stdout; empty for none.</param>
public sealed record DoerEnd(DoerExit Exit, string Result);
