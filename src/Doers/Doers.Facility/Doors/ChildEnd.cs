namespace OpsAgent.Doers.Facility.Doors;

/// <summary>How a child ended.</summary>
/// <param name="ExitCode">Its exit code; 128 and the signal's number if one ended it.</param>
/// <param name="Errors">The last lines of its stderr, without secrets and fit for a log.</param>
internal sealed record ChildEnd(int ExitCode, IReadOnlyList<string> Errors);
