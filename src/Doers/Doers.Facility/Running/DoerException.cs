namespace OpsAgent.Doers.Facility;

/// <summary>An end that has been understood: one line for the reader and the exit code that stands for it.</summary>
public sealed class DoerException(DoerExit exit, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The exit code.</summary>
    public DoerExit Exit { get; } = exit;
}
