namespace OpsAgent.OpsCtl;

/// <summary>Ends a command with an exit code, a line that says what is wrong and one that says what to do next.</summary>
internal sealed class OpsCtlException(int exitCode, string message, string advice, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;

    public string Advice { get; } = advice;
}
