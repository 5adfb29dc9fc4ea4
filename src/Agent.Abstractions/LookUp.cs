namespace OpsAgent.Abstractions;

/// <summary>A way to find out what became of work that is in doubt. It may be run again and again, and starts the work never.</summary>
/// <param name="Plan">What is run. A doer finds what the lost attempt left in the folder that <c>OPSAGENT_LEFT_DIR</c> names.</param>
/// <param name="Answers">
/// What its exit codes say of the work: ok, unrecorded, unverified, or error for what certainly was not done. Any other end, a
/// limit, a signal or a start that fails says nothing.
/// </param>
public sealed record LookUp(RunPlan Plan, IReadOnlyDictionary<int, Outcome> Answers);
