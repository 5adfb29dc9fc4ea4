namespace OpsAgent.Doers.SubmitTask.Command;

/// <summary>A command text that is not run; the message names what and where.</summary>
internal sealed class CommandRefusedException(string what, int line, int column)
    : Exception($"the command is refused at {line}:{column}: {what}")
{
    /// <summary>Counted from 1.</summary>
    public int Line { get; } = line;

    /// <summary>In characters, counted from 1.</summary>
    public int Column { get; } = column;
}
