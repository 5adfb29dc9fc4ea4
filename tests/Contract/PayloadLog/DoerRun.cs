namespace OpsAgent.Tests.Contract.PayloadLog;

/// <summary>How the doer ended.</summary>
public sealed record DoerRun(int ExitCode, string Stdout, string Stderr)
{
    /// <summary>The lines that say why it failed.</summary>
    public IReadOnlyList<string> Errors =>
        [.. Stderr.Split('\n').Where(l => l.StartsWith("ERROR: ", StringComparison.Ordinal))];
}
