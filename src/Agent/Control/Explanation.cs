namespace OpsAgent.Agent.Control;

/// <summary>Why a request is where it is.</summary>
/// <param name="Cause">One line.</param>
/// <param name="Evidence">The facts that it was concluded from, one line each.</param>
internal sealed record Explanation(string Cause, IReadOnlyList<string> Evidence);
