namespace OpsAgent.Agent.Monitor;

/// <summary>A minute's allowance that was spent, so that it can be given back.</summary>
/// <param name="Reason">The type and the reason, without figures.</param>
/// <param name="At">When, as the clock counts.</param>
internal sealed record RejectionTake(string Reason, long At);
