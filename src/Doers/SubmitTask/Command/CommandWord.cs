namespace OpsAgent.Doers.SubmitTask.Command;

/// <summary>A word of the command as a shell would make it.</summary>
/// <param name="Text">Without its quotes.</param>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Column">Where it begins, from 1.</param>
internal sealed record CommandWord(string Text, int Line, int Column)
{
    public CommandRefusedException Refused(string what) => new(what, Line, Column);
}
