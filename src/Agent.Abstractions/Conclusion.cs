namespace OpsAgent.Abstractions;

/// <summary>What an ended request means to the rest of the facility.</summary>
/// <param name="Outcome">The final outcome.</param>
/// <param name="Reason">Why, in one line; empty for ok.</param>
/// <param name="Events">Published at least once, in this order, after the settlement is committed; may be empty.</param>
public sealed record Conclusion(Outcome Outcome, string Reason, IReadOnlyList<CompletionEvent> Events)
{
    /// <summary>Goes to the monitor's action log, at least once; null: nothing does.</summary>
    public ActionRecord? Record { get; init; }
}
