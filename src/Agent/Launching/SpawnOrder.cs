namespace OpsAgent.Agent.Launching;

/// <summary>What to start, and how it begins.</summary>
/// <param name="Program">Absolute path.</param>
/// <param name="Arguments">From argv[0] on.</param>
/// <param name="Environment">The whole environment, as <c>NAME=value</c>.</param>
/// <param name="Folder">Its working directory.</param>
/// <param name="Files">Where its output goes; null: to pipes.</param>
/// <param name="Nice">By how much it is nicer than the agent.</param>
internal sealed record SpawnOrder(
    string Program, IReadOnlyList<string> Arguments, IReadOnlyList<string> Environment, string Folder, OutputFiles? Files, int Nice = 0);

/// <summary>Files that take a doer's output.</summary>
internal sealed record OutputFiles(string Stdout, string Stderr);

/// <summary>What became of an order.</summary>
/// <param name="Error">An errno; 0 if it was started.</param>
/// <param name="Pid">The child; it is not reaped until somebody does.</param>
/// <param name="Stdout">The reading end of its stdout; -1 if that goes to a file.</param>
/// <param name="Stderr">As <paramref name="Stdout"/>.</param>
internal readonly record struct SpawnAnswer(int Error, int Pid, int Stdout, int Stderr)
{
    /// <summary>An errno; 0 if it is as nice as was ordered.</summary>
    public int NiceError { get; init; }
}
