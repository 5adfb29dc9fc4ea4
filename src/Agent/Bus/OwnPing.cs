namespace OpsAgent.Agent.Bus;

/// <summary>The token of a ping that the agent puts before its own dispatch, to see that it is answered.</summary>
/// <param name="Answered">Called on the dispatch path when it was; must not block.</param>
internal sealed record OwnPing(Action Answered);
