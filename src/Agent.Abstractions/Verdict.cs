namespace OpsAgent.Abstractions;

/// <summary>What a handler says of a request.</summary>
public abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>A control request, answered at once: nothing is stored.</summary>
    /// <param name="Replies">What is sent back, directly; may be empty.</param>
    public sealed record Answered(IReadOnlyList<Reply> Replies) : Verdict;

    /// <summary>Valid: stored, then run in its lane.</summary>
    public sealed record Work(WorkRequest Request) : Verdict;

    /// <summary>Refused. The reason is shown to people: one line, at most 300 characters, naming the field at fault.</summary>
    public sealed record Refused(string Reason) : Verdict;
}
